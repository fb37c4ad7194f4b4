// Restores a file backend's state if the engine leaves it truncated. If a disk runs full in the middle of an update, the
// engine puts a part of the new state in the place of the old (fileblob of gocloud.dev renames what it could not write),
// and the next attempt a part of it in the place of the copy: nothing would list the created objects.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createFolder } from "../create-folder.cjs";
import { codeOf, problemOfFile, stateFilesOf, type States } from "./backend";
import { stateHome } from "../paths";

/** Interval at which states that have changed are read, in milliseconds. */
const LOOK_MILLISECONDS = 250;

function modified(file: string): number | undefined {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

/** Returns the content of a file that is a whole state; undefined otherwise. */
function readWhole(file: string): string | undefined {
  try {
    const content = readFileSync(file, "utf8");
    JSON.parse(content);
    return content;
  } catch {
    return undefined;
  }
}

/** Writes a state back; if there is no room for it, beside the launcher's notes. Returns the message about it. */
function restore(file: string, content: string, env: NodeJS.ProcessEnv): string {
  try {
    // In its own place: there may be no room for two.
    writeFileSync(file, content);
    return `${file} was damaged, and was restored to the state before the last change`;
  } catch (error) {
    const kept = join(stateHome(env), "updates", `kept-${basename(file)}`);
    createFolder(join(stateHome(env), "updates"), 0o700);
    writeFileSync(kept, content, { mode: 0o600 });
    return `${file} is damaged, and cannot be restored (${codeOf(error)}). Free some space, then: cp ${kept} ${file}`;
  }
}

/**
 * Begins to keep the states that a command may change.
 * @returns the function that ends it, and restores what is damaged.
 */
export function keepStates(
  states: States,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): () => void {
  const kept = new Map<string, { readonly at: number; readonly content: string }>();
  const readStates = (): void => {
    for (const file of stateFilesOf(states)) {
      const at = modified(file);
      if (at === undefined || kept.get(file)?.at === at) continue;
      const content = readWhole(file);
      if (content !== undefined) kept.set(file, { at, content });
    }
  };
  readStates();
  const timer = setInterval(readStates, LOOK_MILLISECONDS);
  return () => {
    clearInterval(timer);
    for (const [file, { content }] of kept) {
      if (problemOfFile(file) !== undefined) print(restore(file, content, env));
    }
  };
}
