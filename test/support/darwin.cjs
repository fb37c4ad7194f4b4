// Loaded before a program (NODE_OPTIONS): what a Mac does not have fails. Packages with a program for each platform are
// loaded first, as a Mac would load its own.
const fs = require("node:fs");
const { createRequire, syncBuiltinESMExports } = require("node:module");
const { Server, Socket } = require("node:net");
const { join } = require("node:path");

const project = process.env.FUSE_TEST_MAC_PROJECT ?? join(__dirname, "..", "..");
createRequire(join(project, "tools/locking/package.json"))("fs-native-extensions");
Object.defineProperty(process, "platform", { value: "darwin" });

/** @param {unknown} path */
function isProc(path) {
  return /^(?:file:\/\/)?\/proc(?:\/|$)/.test(String(path));
}

/** @param {unknown} path */
function missing(path) {
  return Object.assign(new Error(`ENOENT: no such file or directory, '${path}'`), {
    code: "ENOENT",
    errno: -2,
    path: String(path),
  });
}

/**
 * Replaces a function of fs whose first argument is a path.
 * @param {Record<string, any>} owner
 * @param {string} name
 * @param {(path: unknown, rest: unknown[]) => unknown} refuse
 */
function replace(owner, name, refuse) {
  const original = owner[name];
  if (typeof original !== "function") return;
  owner[name] = Object.assign(function (path, ...rest) {
    return isProc(path) ? refuse(path, rest) : Reflect.apply(original, this, [path, ...rest]);
  }, original);
}

const PATHS = ["access", "lstat", "open", "opendir", "readdir", "readFile", "readlink", "realpath", "stat"];
for (const name of PATHS) {
  replace(fs, name, (path, rest) => process.nextTick(rest.at(-1), missing(path)));
  replace(fs.promises, name, (path) => Promise.reject(missing(path)));
  replace(fs, `${name}Sync`, (path, [options]) => {
    if (options?.throwIfNoEntry === false) return undefined;
    throw missing(path);
  });
}
replace(fs, "existsSync", () => false);
replace(fs, "createReadStream", (path) => {
  throw missing(path);
});

/** @param {unknown} target what a server listens on, or a socket connects to */
function refuseAbstract(target) {
  const path = typeof target === "object" ? target?.path : target;
  if (String(path).startsWith("\0")) throw new Error("macOS has no abstract sockets");
}
for (const [prototype, name] of [
  [Server.prototype, "listen"],
  [Socket.prototype, "connect"],
]) {
  const original = prototype[name];
  prototype[name] = function (...args) {
    // Node.js itself passes its arguments on as one array.
    refuseAbstract(Array.isArray(args[0]) ? args[0][0] : args[0]);
    return original.apply(this, args);
  };
}
syncBuiltinESMExports();
