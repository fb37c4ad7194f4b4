// Creates folders, and describes errors of the disk. Plain Node.js, because it runs before anything is installed.
const { mkdirSync, statSync } = require("node:fs");
const { dirname, resolve } = require("node:path");

/** Error codes of a filesystem that a person has to fix, with the advice for each. */
const ADVICE = /** @type {const} */ ({
  ENOSPC: "Free some space, then run the command again",
  EDQUOT: "Free some space of your quota, then run the command again",
  EROFS: "Use a copy or another folder that can be written",
  EACCES: "Allow this user to write there, or use another folder",
  EPERM: "Allow this user to write there, or use another folder",
  ENOENT: "Use a folder that can be created",
  ENOTDIR: "Use a path whose parts are folders",
  ENAMETOOLONG: "Use a shorter path",
});

/**
 * Returns what is wrong with a disk and how to fix it, in one line; undefined for any other error, and for a file that
 * is missing.
 * @param {unknown} error
 * @returns {string | undefined}
 */
function describeDiskError(error) {
  const { code = "", syscall = "", message = "", path } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  if (code === "ENOENT" && syscall !== "mkdir" && syscall !== "mkdtemp") return undefined;
  const advice = /** @type {Record<string, string | undefined>} */ (ADVICE)[code];
  if (advice === undefined || syscall === "") return undefined;
  const place = path ?? "a file";
  const what = syscall.startsWith("mkd") ? "created" : syscall === "open" ? "opened" : "written";
  return code === "ENOSPC"
    ? `the disk is full: ${place} cannot be written (${code}). ${advice}`
    : `${place} cannot be ${what} (${message.split(",")[0] ?? code}). ${advice}`;
}

/**
 * Returns true if a folder exists.
 * @param {string} folder
 */
function isFolder(folder) {
  try {
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Creates a folder and the folders above it that are missing. mkdir of Node.js 20 does not return for a folder in one
 * that cannot hold any, such as /proc/nope/x.
 * @param {string} folder
 * @param {number} [mode]
 * @throws NodeJS.ErrnoException that names the folder which cannot be created.
 */
function createFolder(folder, mode) {
  const path = resolve(folder);
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) createFolder(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have created it meanwhile.
    if (isFolder(path)) return;
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    const problem = new Error(`ENOTDIR: not a directory, mkdir '${path}'`);
    throw Object.assign(problem, { code: "ENOTDIR", syscall: "mkdir", path });
  }
}

module.exports = { describeDiskError, createFolder };
