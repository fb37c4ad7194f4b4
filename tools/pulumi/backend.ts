// Checks a file backend before the engine uses it. The engine reports a full or read-only disk only after a minute of
// attempts, with half of the work done, and it does not name a damaged file.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Space that an update may need: the state, its copies and its history, in bytes. */
const NEEDED = 4 * 1024 * 1024;

/** Files that an update makes beside the state. */
const NEEDED_FILES = 16;

/** The states that a command may read or change. */
export interface States {
  /** URL of the backend; undefined if the environment names none. */
  readonly backend: string | undefined;
  /** Name of the project, as in Pulumi.yaml. */
  readonly project: string;
  /** Undefined for any stack of the project. */
  readonly stack: string | undefined;
}

/** Returns the error code of what a function of node:fs throws. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** Returns the folder of a file backend; undefined for any other backend. */
export function folderOf(backend: string | undefined): string | undefined {
  return backend?.startsWith("file:///") === true ? fileURLToPath(backend.split("?")[0] ?? "") : undefined;
}

function problemOfDisk(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    return `${folder} cannot be written (${codeOf(error)}). Make it writable, or name another backend: PULUMI_BACKEND_URL`;
  }
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  // Some filesystems do not count files.
  if (bavail * bsize >= NEEDED && (files === 0 || ffree >= NEEDED_FILES)) return undefined;
  const left = `${Math.floor((bavail * bsize) / 1024)} KiB and ${ffree} files are left`;
  return `the disk of ${folder} is full: ${left}, ${NEEDED / 1024} KiB and ${NEEDED_FILES} files are needed. Free some space`;
}

/** Lists the files with the given states; none for a backend that is no folder. */
export function stateFilesOf({ backend, project, stack }: States): string[] {
  const folder = join(folderOf(backend) ?? "/nowhere", ".pulumi", "stacks", project);
  try {
    return readdirSync(folder)
      .filter((name) => (stack === undefined ? name.endsWith(".json") : name === `${stack}.json`))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Returns why a file does not hold JSON; undefined if it does, or if it cannot be read. */
function problemOfJson(file: string): string | undefined {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : undefined;
  }
}

/** Returns what is wrong with a state; undefined if nothing is, or if it cannot be read. */
export function problemOfFile(file: string): string | undefined {
  const problem = problemOfJson(file);
  if (problem === undefined) return undefined;
  return `${file} is damaged (${problem}). The state before the last change is in ${file}.bak. Restore it: cp ${file}.bak ${file}, then run: npx pulumi up. If there is no such file: npx pulumi stack rm --force, then npm run clean`;
}

/**
 * Returns what is wrong with the attributes that the engine keeps beside a state unless `metadata=skip` is in the
 * backend's URL. It writes them in place (`setAttrs` in gocloud.dev/blob/fileblob): an engine that was killed leaves
 * them empty, and then no command can read the state ("failed to load checkpoint: EOF"), which is whole.
 */
function problemOfAttributes(state: string): string | undefined {
  const file = `${state}.attrs`;
  const problem = problemOfJson(file);
  return problem && `${file} is damaged (${problem}), the state is not. Remove that file: rm ${file}`;
}

/** Returns why a stack's state cannot be used, in one line; undefined if it can. */
export function problemOfBackend(states: States): string | undefined {
  const folder = folderOf(states.backend);
  if (folder === undefined) return undefined;
  const own = join(folder, ".pulumi");
  const problem =
    problemOfDisk(existsSync(own) ? own : folder) ??
    stateFilesOf(states)
      .map((file) => problemOfFile(file) ?? problemOfAttributes(file))
      .find((found) => found !== undefined);
  return problem && `the state cannot be used, and nothing was changed: ${problem}`;
}
