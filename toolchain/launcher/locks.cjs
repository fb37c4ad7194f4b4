// Locks of the file backend whose owner is gone. The engine asks a person to remove them; that a process of this
// machine is dead can be known.
const { readdirSync, readFileSync, unlinkSync } = require("node:fs");
const { hostname } = require("node:os");
const { basename, dirname, join } = require("node:path");
const { fileURLToPath } = require("node:url");
const { isDead } = require("./processes.cjs");

function lockFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
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
  if (!backend?.startsWith("file:///")) return [];
  return lockFiles(join(fileURLToPath(backend.split("?")[0]), ".pulumi", "locks")).flatMap((file) => {
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

/** Removes locks that nobody holds where a command needs one. */
function mendLocks({ verb, backend, say }) {
  if (!LOCKING.has(verb)) return;
  for (const { file, pid } of deadLocks(backend)) {
    unlinkSync(file);
    say(`removed the lock of process ${pid}, which was killed`);
  }
}

module.exports = { deadLocks, mendLocks };
