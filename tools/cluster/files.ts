import { chmodSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createFolder } from "../create-folder.cjs";

/** Writes a file that only its owner can read, at once: a reader finds the old content or the new. */
export function writePrivate(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  createFolder(dirname(file), 0o700);
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, file);
}

/** Makes a folder with exactly these permissions, whatever the umask is. */
export function makeFolder(folder: string, mode: number): void {
  createFolder(folder);
  chmodSync(folder, mode);
}
