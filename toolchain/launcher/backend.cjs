// Looks at a backend of files before the engine works with it. Of a full or read-only disk the engine says something
// only after a minute of attempts, with half of the work done, and of a damaged state it does not say which file it is.
const { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync } = require("node:fs");
const { join } = require("node:path");
const { fileURLToPath } = require("node:url");

/** What an update may need: the state, its copies and its history, in bytes. */
const NEEDED = 4 * 1024 * 1024;

/** Files that an update makes beside the state. */
const NEEDED_FILES = 16;

/** The folder of a backend of files; undefined for any other. */
function folderOf(backend) {
  return backend?.startsWith("file:///") ? fileURLToPath(backend.split("?")[0]) : undefined;
}

function problemOfDisk(folder) {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    return `${folder} cannot be written (${error.code}). Make it writable, or name another backend: PULUMI_BACKEND_URL`;
  }
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  // Some filesystems do not count files.
  if (bavail * bsize >= NEEDED && (files === 0 || ffree >= NEEDED_FILES)) return undefined;
  const left = `${Math.floor((bavail * bsize) / 1024)} KiB and ${ffree} files are left`;
  return `the disk of ${folder} is full: ${left}, ${NEEDED / 1024} KiB and ${NEEDED_FILES} files are needed. Make room`;
}

/** Files with the states of a project's stacks, or of one of them; none for a backend that is no folder. */
function stateFilesOf({ backend, project, stack }) {
  const folder = join(folderOf(backend) ?? "/nowhere", ".pulumi", "stacks", project);
  try {
    return readdirSync(folder)
      .filter((name) => (stack === undefined ? name.endsWith(".json") : name === `${stack}.json`))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** What is wrong with a state; undefined if nothing is, or it cannot be read. */
function problemOfFile(file) {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined;
    return `${file} is damaged (${error.message}). The state before the last change is in ${file}.bak: copy it over it, then run: pulumi up. Without any: pulumi stack rm --force, then npm run clean`;
  }
}

/**
 * What stands in the way of work with a stack's state, in one line; undefined if nothing does.
 * @param project its name, as in Pulumi.yaml; `stack` is undefined for any of it.
 */
function problemOfBackend({ backend, project, stack }) {
  const folder = folderOf(backend);
  if (folder === undefined) return undefined;
  const own = join(folder, ".pulumi");
  const problem =
    problemOfDisk(existsSync(own) ? own : folder) ??
    stateFilesOf({ backend, project, stack }).map(problemOfFile).find(Boolean);
  return problem && `the state cannot be used, and nothing was changed: ${problem}`;
}

module.exports = { folderOf, problemOfBackend, problemOfFile, stateFilesOf };
