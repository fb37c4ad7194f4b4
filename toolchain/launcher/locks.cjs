// Locks of the file backend whose owner is gone. The engine asks a person to remove them; that a process of this
// machine is dead can be known.
const { readdirSync, readFileSync, unlinkSync } = require("node:fs");
const { hostname } = require("node:os");
const { basename, dirname, join } = require("node:path");
const { folderOf } = require("./backend.cjs");
const { isDead } = require("./processes.cjs");

/** Every lock in a backend of files. */
function lockFiles(backend) {
  const folder = folderOf(backend);
  if (folder === undefined) return [];
  try {
    return readdirSync(join(folder, ".pulumi", "locks"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch {
    return [];
  }
}

/**
 * Locks in a backend of files that processes of this machine have left, each with its file, process id, stack, and
 * when it was taken, in milliseconds since 1970.
 */
function deadLocks(backend) {
  return lockFiles(backend).flatMap((file) => {
    try {
      const { pid, hostname: host, timestamp } = JSON.parse(readFileSync(file, "utf8"));
      const mine = host === hostname() && Number.isInteger(pid) && isDead(pid);
      return mine ? [{ file, pid, stack: basename(dirname(file)), began: Date.parse(timestamp) }] : [];
    } catch {
      // Gone already, or being written.
      return [];
    }
  });
}

const LOCKING = new Set(["up", "update", "destroy", "refresh", "import", "watch"]);

/** True for a command that changes the state, for which the engine takes a lock. */
function takesLock(verb) {
  return LOCKING.has(verb);
}

/** Removes locks that nobody holds. */
function mendLocks({ backend, say }) {
  for (const { file, pid } of deadLocks(backend)) {
    unlinkSync(file);
    say(`removed the lock of process ${pid}, which was killed`);
  }
}

module.exports = { deadLocks, lockFiles, mendLocks, takesLock };
