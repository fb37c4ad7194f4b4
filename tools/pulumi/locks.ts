// Locks of the file backend whose owner is gone. The engine leaves their removal to the user, although it can
// be determined that a process of this machine is dead.
import { readdirSync, readFileSync, unlinkSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { folderOf } from "./backend";
import { isDead } from "./processes";

/** A lock that a dead process of this machine has left. */
export interface DeadLock {
  readonly file: string;
  readonly pid: number;
  readonly stack: string;
  /** When it was taken, in milliseconds since 1970. */
  readonly began: number;
}

/** Lists every lock in a file backend. */
function lockFiles(backend: string | undefined): string[] {
  const folder = folderOf(backend);
  if (folder === undefined) return [];
  try {
    return readdirSync(join(folder, ".pulumi", "locks"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** Lists the locks in a file backend that dead processes of this machine have left. */
export function deadLocks(backend: string | undefined): DeadLock[] {
  return lockFiles(backend).flatMap((file) => {
    try {
      const lock = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>;
      const { pid, timestamp } = lock;
      if (lock.hostname !== hostname() || typeof pid !== "number" || !Number.isInteger(pid)) return [];
      if (!isDead(pid)) return [];
      return [{ file, pid, stack: basename(dirname(file)), began: Date.parse(String(timestamp)) }];
    } catch {
      // Gone already, or being written.
      return [];
    }
  });
}

const LOCKING = new Set(["up", "update", "destroy", "refresh", "import", "watch"]);

/** Returns true for a command that changes the state, for which the engine takes a lock. */
export function takesLock(verb: string | undefined): boolean {
  return verb !== undefined && LOCKING.has(verb);
}

/** Removes the locks of dead processes, and reports each. */
export function removeDeadLocks(backend: string | undefined, print: (line: string) => void): void {
  for (const { file, pid } of deadLocks(backend)) {
    unlinkSync(file);
    print(`removed the lock of process ${pid}, which was killed`);
  }
}
