// Installs npm packages as a lockfile names them. Plain Node.js, because it runs before anything is installed.
const { cpSync, mkdtempSync, readFileSync, renameSync, rmSync } = require("node:fs");
const { join } = require("node:path");
const { runChild } = require("./child.cjs");

/** Limit for npm, in milliseconds. */
const INSTALL_TIMEOUT = 15 * 60_000;

/** The package of the lock that guards the installation of everything else. */
const LOCKING = join(__dirname, "locking");

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean } | undefined>} Packages */

/**
 * Reads the packages that a lockfile names; undefined if it cannot be read.
 * @param {string} file
 * @returns {Packages | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Returns true if a folder's node_modules holds what its package-lock.json names: by content, because git and npm both
 * change times.
 * @param {string} folder
 */
function isInstalled(folder) {
  const wanted = readPackages(join(folder, "package-lock.json"));
  const present = readPackages(join(folder, "node_modules", ".package-lock.json"));
  if (wanted === undefined || present === undefined) return false;
  /** @param {string} path */
  const same = (path) => {
    const [one, other] = [wanted[path], present[path]];
    if (other === undefined) return one?.optional === true;
    return other.version === one?.version && other.integrity === one?.integrity;
  };
  const paths = Object.keys(wanted).filter((path) => path !== "");
  return paths.every(same) && Object.keys(present).every((path) => wanted[path] !== undefined);
}

/**
 * Installs a folder's packages.
 * @param {string} folder
 * @param {string} named the folder that the error names
 * @throws Error in one line if npm fails, which has printed why; InterruptedError after an interrupt.
 */
async function installPackages(folder, named = folder) {
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm?.endsWith("npm-cli.js") ? [process.execPath, npm] : ["npm"];
  // Whatever NODE_ENV is: `npm test` needs all of them, and two kinds of installation would replace each other.
  const { status } = await runChild(command, [...before, "ci", "--include=dev"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    timeoutMilliseconds: INSTALL_TIMEOUT,
  });
  if (status === 0) return;
  throw new Error(
    `npm ci failed (status ${status}). Fix what it reports above, or run it by hand in ${named}`,
  );
}

/**
 * Installs the package of the lock if it is not there. Nothing guards this: each process installs it into a folder of
 * its own, and puts that in place as a whole.
 */
async function ensureLocking() {
  if (isInstalled(LOCKING)) return;
  const unfinished = mkdtempSync(join(LOCKING, ".unfinished-"));
  try {
    for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
      cpSync(join(LOCKING, file), join(unfinished, file));
    }
    await installPackages(unfinished, LOCKING);
    placePackages(join(unfinished, "node_modules"), join(unfinished, "old"));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * Moves new packages to their place. What is there and right stays: another process may be loading it.
 * @param {string} packages
 * @param {string} old where packages that are there and wrong go
 */
function placePackages(packages, old) {
  const target = join(LOCKING, "node_modules");
  try {
    renameSync(packages, target);
  } catch (error) {
    const { code = "" } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    if (isInstalled(LOCKING)) return;
    renameSync(target, old);
    renameSync(packages, target);
  }
}

module.exports = { INSTALL_TIMEOUT, LOCKING, ensureLocking, installPackages, isInstalled };
