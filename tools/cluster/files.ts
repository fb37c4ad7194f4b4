import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a file that only its owner can read, at once: a reader finds the old content or the new. */
export function writePrivate(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, file);
}

/** Makes a folder with exactly these permissions, whatever the umask is. */
export function makeFolder(folder: string, mode: number): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, mode);
}
