// Locks of the file backend whose owner is gone. The engine asks a person to remove them; that a process of this
// machine is dead can be known.
const { readdirSync, readFileSync, unlinkSync } = require("node:fs");
const { hostname } = require("node:os");
const { join } = require("node:path");
const { fileURLToPath } = require("node:url");

/** True for a process that has ended, also where its parent has not asked for its exit status yet. */
function isDead(pid) {
  try {
    process.kill(pid, 0);
    return /^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function lockFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch {
    return [];
  }
}

/** Locks in a backend of files that processes of this machine have left, each with its file and process id. */
function deadLocks(backend) {
  if (!backend?.startsWith("file:///")) return [];
  return lockFiles(join(fileURLToPath(backend.split("?")[0]), ".pulumi", "locks")).flatMap((file) => {
    try {
      const { pid, hostname: host } = JSON.parse(readFileSync(file, "utf8"));
      return host === hostname() && Number.isInteger(pid) && isDead(pid) ? [{ file, pid }] : [];
    } catch {
      // Gone already, or being written.
      return [];
    }
  });
}

const LOCKING = new Set(["up", "update", "destroy", "refresh", "import", "watch"]);

/** Removes locks that nobody holds where a command needs one; says so where outputs may be older than they look. */
function mendLocks({ args, backend, say }) {
  const words = args.filter((word) => !word.startsWith("-"));
  const dead =
    LOCKING.has(words[0]) || (words[0] === "stack" && words[1] === "output") ? deadLocks(backend) : [];
  for (const { file, pid } of dead) {
    if (words[0] === "stack") {
      say(`the last update (process ${pid}) was killed: these outputs are of an earlier run. Run: pulumi up`);
    } else {
      unlinkSync(file);
      say(`removed the lock of process ${pid}, which was killed`);
    }
  }
}

module.exports = { deadLocks, mendLocks };
