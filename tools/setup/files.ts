import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { createFolder } from "../create-folder.cjs";

const UNFINISHED = ".unfinished-";

/** Returns a path beside `target`, from which a rename puts a result in place; its name marks it as unfinished. */
export function unfinishedPath(target: string): string {
  createFolder(dirname(target));
  return join(dirname(target), `${UNFINISHED}${basename(target)}-${randomUUID()}`);
}

/** Removes from a folder what interrupted runs left unfinished. */
export function removeUnfinished(folder: string): void {
  for (const name of listFolder(folder)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Returns the names in a folder; none if the folder does not exist. */
export function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Puts a file's content on the disk, so that no rename after it can reach the disk before it. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function replaceFolder(finished: string, target: string): void {
  for (const name of readdirSync(finished, { recursive: true, encoding: "utf8" }))
    syncFile(join(finished, name));
  const old = unfinishedPath(target);
  try {
    renameSync(target, old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  renameSync(finished, target);
  rmSync(old, { recursive: true, force: true });
}

/** Fills a new folder, and puts it in the place of an old one only when it is finished and on the disk. */
export async function placeFolder(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const unfinished = unfinishedPath(target);
  const remove = (): void => {
    rmSync(unfinished, { recursive: true, force: true });
  };
  // An interrupt exits without running the `finally` below.
  process.once("exit", remove);
  try {
    mkdirSync(unfinished);
    await fill(unfinished);
    replaceFolder(unfinished, target);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** Writes a file so that a reader gets either the old content or the new one. */
export function writeWhole(file: string, text: string): void {
  const unfinished = unfinishedPath(file);
  writeFileSync(unfinished, text);
  syncFile(unfinished);
  renameSync(unfinished, file);
}

/** Returns the SHA-256 of several contents, in hexadecimal; their boundaries matter. */
export function hashOf(contents: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(`${Buffer.byteLength(content)}:`).update(content);
  return hash.digest("hex");
}

/** Returns the SHA-256 of several files' contents, in hexadecimal. */
export function hashOfFiles(files: readonly string[]): string {
  return hashOf(files.map((file) => readFileSync(file)));
}

/** Returns the paths of all files below a folder, in a fixed order. */
export function listFilesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
