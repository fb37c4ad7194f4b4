// A lock between processes of one machine that dies with its owner, however that ends: the kernel holds it on an open
// file (open file description locks on Linux, flock(2) on macOS).
const { closeSync, openSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { createFolder } = require("./create-folder.cjs");
const { LOCKING, ensureLocking } = require("./packages.cjs");

/** Time between two attempts, in milliseconds. */
const INTERVAL = 200;

/**
 * Waits until the lock on a file is ours. The file is created, and stays: removing it could free a lock that another
 * process holds.
 * @param {{
 *   readonly file: string,
 *   readonly waiting: () => void,
 *   readonly timeoutMilliseconds: number,
 * }} options `waiting` is called once if another process has the lock.
 * @returns {Promise<() => void>} the function that releases it.
 * @throws Error in one line if another process keeps it for longer than `timeoutMilliseconds`.
 */
async function lock({ file, waiting, timeoutMilliseconds }) {
  // Before the installation, so that an unusable folder is reported without it.
  createFolder(dirname(file));
  const descriptor = openSync(file, "a+", 0o600);
  try {
    await ensureLocking();
    /** @type {{ tryLock: (descriptor: number) => boolean }} */
    const { tryLock } = createRequire(join(LOCKING, "package.json"))("fs-native-extensions");
    const deadline = Date.now() + timeoutMilliseconds;
    for (let attempt = 0; !tryLock(descriptor); attempt += 1) {
      if (attempt === 0) waiting();
      if (Date.now() > deadline) {
        throw new Error(
          `another process still holds the lock ${file} after ${timeoutMilliseconds / 1000} s. Stop it, or wait, and run this again`,
        );
      }
      await sleep(INTERVAL);
    }
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return () => {
    closeSync(descriptor);
  };
}

module.exports = { lock };
