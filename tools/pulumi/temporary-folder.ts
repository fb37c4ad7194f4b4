// A folder for the temporary files of one command of the engine. The Kubernetes provider writes the kubeconfig that it is
// given, with its credentials, into such a file at each start, and does not remove it.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDead } from "./processes";

/** Begins the name of such a folder; the process that created it follows. */
const PREFIX = "fuse-test-pulumi-";

/** Removes a folder and what is in it. One that cannot be removed, such as another user's, stays. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It does no harm, and the next command tries again.
  }
}

/** Removes the folders of commands that were killed before they could do so. */
function removeLeft(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (Number.isInteger(pid) && isDead(pid)) remove(join(parent, name));
  }
}

/**
 * Creates a folder that only this user can read.
 * @returns the folder, and the function that removes it with what is in it.
 */
export function createTemporaryFolder(parent = tmpdir()): {
  readonly folder: string;
  readonly remove: () => void;
} {
  removeLeft(parent);
  const folder = mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  return {
    folder,
    remove: () => {
      remove(folder);
    },
  };
}
