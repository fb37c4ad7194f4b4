// Loaded before a program (NODE_OPTIONS): what a Mac has not got is not there. Packages with a program for each platform
// are loaded first, as a Mac would load its own.
const fs = require("node:fs");
const { createRequire } = require("node:module");
const { Server } = require("node:net");
const { join } = require("node:path");

const project = join(__dirname, "..", "..");
createRequire(join(project, "toolchain/locking/package.json"))("fs-native-extensions");
Object.defineProperty(process, "platform", { value: "darwin" });

for (const name of ["readFileSync", "readdirSync", "readlinkSync", "existsSync", "openSync", "statSync"]) {
  const original = fs[name];
  fs[name] = (path, ...rest) => {
    if (!/^\/proc(\/|$)/.test(String(path))) return original(path, ...rest);
    if (name === "existsSync") return false;
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
  };
}

const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  const path = typeof args[0] === "object" ? args[0]?.path : args[0];
  if (String(path).startsWith("\0")) throw new Error("macOS has no abstract sockets");
  return listen.apply(this, args);
};
