// `node bootstrap.cjs SCRIPT.ts ARGS`: installs the locked npm packages if they are not there, then runs the script.
// Plain Node.js without dependencies, so that it works in a fresh clone.
const { spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
require("./toolchain/launcher/broken-pipe.cjs");
const { replaceBy } = require("./toolchain/launcher/child.cjs");
const { lock } = require("./toolchain/launcher/lock.cjs");

const MINIMUM = [20, 19];
const INSTALL_TIMEOUT = 15 * 60_000;

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  throw new Error(`Node.js ${process.versions.node} is too old: install ${MINIMUM.join(".")} or newer`);
}

function packages(file) {
  try {
    return JSON.parse(readFileSync(join(__dirname, file), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** True if node_modules holds what package-lock.json names; by content, because git and npm both touch times. */
function installed() {
  const wanted = packages("package-lock.json");
  const present = packages("node_modules/.package-lock.json");
  if (wanted === undefined || present === undefined) return false;
  const same = (path) =>
    present[path] === undefined
      ? wanted[path].optional === true
      : present[path].version === wanted[path].version && present[path].integrity === wanted[path].integrity;
  const paths = Object.keys(wanted).filter((path) => path !== "");
  return paths.every(same) && Object.keys(present).every((path) => wanted[path] !== undefined);
}

function npmCi() {
  process.stderr.write("bootstrap: installing the npm packages that package-lock.json names\n");
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm?.endsWith("npm-cli.js") ? [process.execPath, npm] : ["npm"];
  // Whatever NODE_ENV says: the thin plugins are bundled with a development dependency.
  const { status, error } = spawnSync(command, [...before, "ci", "--include=dev"], {
    cwd: __dirname,
    stdio: ["ignore", 2, 2],
    timeout: INSTALL_TIMEOUT,
  });
  if (status !== 0) {
    throw new Error(
      `npm ci failed (${error?.code ?? `status ${status}`}). Mend what it says above, or run it by hand`,
    );
  }
}

async function install() {
  if (installed()) return;
  const release = await lock({
    name: join(__dirname, "node_modules"),
    waiting: () =>
      process.stderr.write("bootstrap: another process is installing the npm packages; waiting\n"),
    timeoutMilliseconds: INSTALL_TIMEOUT,
  });
  if (!installed()) npmCi();
  await release();
}

async function main([script, ...args]) {
  checkNode();
  if (script === undefined) throw new Error("which script? Usage: node bootstrap.cjs SCRIPT.ts ARGS");
  await install();
  replaceBy({
    command: process.execPath,
    args: [
      ...["--require", require.resolve("./toolchain/launcher/broken-pipe.cjs")],
      ...["--import", require.resolve("tsx"), join(__dirname, script), ...args],
    ],
    env: process.env,
    notStarted: (error) => `bootstrap: node cannot be started (${error.code})`,
  });
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`bootstrap: ${error.message}\n`);
  process.exitCode = 1;
});
