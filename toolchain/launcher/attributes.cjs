// What the file backend keeps beside each of its files. The engine writes a file beside the old one and renames it, but
// its attributes in place (`setAttrs` in gocloud.dev/blob/fileblob): one that is killed between leaves them empty, and
// then no command can read the state, which is whole ("failed to load checkpoint: EOF"). Without them it is read well.
const { readdirSync, readFileSync, unlinkSync } = require("node:fs");
const { join } = require("node:path");
const { folderOf } = require("./backend.cjs");
const { deadLocks, lockFiles } = require("./locks.cjs");

function isBroken(file) {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch (error) {
    return error instanceof SyntaxError;
  }
}

function attributeFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".attrs"))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch {
    return [];
  }
}

/** Removes attributes that a killed engine has left half written, unless another engine is at work and may write them. */
function mendAttributes({ backend, say }) {
  const folder = folderOf(backend);
  if (folder === undefined || lockFiles(backend).length > deadLocks(backend).length) return;
  for (const file of attributeFiles(join(folder, ".pulumi", "stacks")).filter(isBroken)) {
    unlinkSync(file);
    say(`removed ${file}, which an engine that was killed has left half written`);
  }
}

module.exports = { mendAttributes };
