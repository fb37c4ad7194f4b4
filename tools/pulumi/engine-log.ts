// The engine's automatic log. It records every message between engine, program and plugins, in full, which takes a quarter
// of the engine's processor time and 3 to 7 MB per update, up to 500 MB. There is no option that turns it off, but an
// engine that cannot create the folder continues without it. Sources: github.com/pulumi/pulumi/pull/22494 and 23731,
// pkg/logging/encrypted.go and rotation.go there.
import { lstatSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const WORDS = `This file is where the engine would create a folder for a log of each of its commands. Remove it and set
PULUMI_HOME to this folder to have them.
`;

/** Returns true if the engine has created its folder of logs. */
function hasFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Keeps the engine from writing its log: puts a file where its folder would be, and removes the folder if it is there.
 * Without success the engine writes its log, and works all the same.
 * @param home the engine's home folder, which must be this project's own.
 */
export function preventEngineLog(home: string): void {
  const path = join(home, "logs");
  try {
    if (hasFolder(path)) rmSync(path, { recursive: true, force: true });
    writeFileSync(path, WORDS, { flag: "wx" });
  } catch {
    // The file is there already, or another command of the engine has just created its folder.
  }
}
