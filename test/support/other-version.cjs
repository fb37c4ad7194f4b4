// Preloaded (`node --require`) into the verdict command: a version of this project that ships other programs for its
// pods, those in the folder FUSE_TEST_PODS. Pods that run them are then its own.
const fs = require("node:fs");
const { basename, dirname, join, resolve } = require("node:path");

const shipped = resolve(__dirname, "..", "..", "pods");
const other = process.env.FUSE_TEST_PODS ?? "";
const read = fs.readFileSync;

fs.readFileSync = (file, ...options) => {
  const isShipped = typeof file === "string" && resolve(dirname(file)) === shipped;
  const replaced = isShipped ? join(other, basename(file)) : file;
  return read(isShipped && fs.existsSync(replaced) ? replaced : file, ...options);
};
