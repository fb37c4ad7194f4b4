// Keeps the state of a backend of files whole. Where a disk runs full in the middle of an update, the engine puts a
// part of the new state in the place of the old (fileblob of gocloud.dev renames what it could not write), and the
// next attempt a part of it in the place of the copy: what was made would be known to nobody.
const { mkdirSync, readFileSync, statSync, writeFileSync } = require("node:fs");
const { basename, join } = require("node:path");
const { problemOfFile, stateFilesOf } = require("./backend.cjs");
const { stateHome } = require("./homes.cjs");

/** How often a state that has changed is read, in milliseconds. */
const LOOK_MILLISECONDS = 250;

function modified(file) {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

/** The content of a file that is a whole state; undefined otherwise. */
function readWhole(file) {
  try {
    const content = readFileSync(file, "utf8");
    JSON.parse(content);
    return content;
  } catch {
    return undefined;
  }
}

/** Puts a state back; where there is no room for it, beside the launcher's notes. @returns what to say. */
function restore(file, content, env) {
  try {
    // In its own place: there may be no room for two.
    writeFileSync(file, content);
    return `${file} was damaged, and is as it was before the last change`;
  } catch (error) {
    const kept = join(stateHome(env), "updates", `kept-${basename(file)}`);
    mkdirSync(join(stateHome(env), "updates"), { recursive: true, mode: 0o700 });
    writeFileSync(kept, content, { mode: 0o600 });
    return `${file} is damaged, and cannot be restored (${error.code}). Make room, then: cp ${kept} ${file}`;
  }
}

/**
 * Begins to keep the states that a command may change.
 * @returns the function that ends it, and restores what is damaged.
 */
function keepStates({ backend, project, stack, env, say }) {
  const kept = new Map();
  const look = () => {
    for (const file of stateFilesOf({ backend, project, stack })) {
      const at = modified(file);
      if (at === undefined || kept.get(file)?.at === at) continue;
      const content = readWhole(file);
      if (content !== undefined) kept.set(file, { at, content });
    }
  };
  look();
  const timer = setInterval(look, LOOK_MILLISECONDS);
  return () => {
    clearInterval(timer);
    for (const [file, { content }] of kept) {
      if (problemOfFile(file) !== undefined) say(restore(file, content, env));
    }
  };
}

module.exports = { keepStates };
