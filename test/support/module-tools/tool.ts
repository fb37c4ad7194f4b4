import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { buildModules, goCaches, goEnvironment, type Log } from "../../../tools/setup/build";
import { placeFolder } from "../../../tools/setup/files";
import { lock } from "../../../tools/lock.cjs";
import { type ModuleBuild, moduleInputs } from "../../../tools/setup/modules";
import { cacheHome } from "../../../tools/setup/paths";

/** Files of a Go module that are only read. */
export interface ModuleFiles {
  /** Path and version. */
  readonly module: string;
  /** Checksum of the module's content, as in go.sum. */
  readonly sum: string;
  /** Paths in the module. */
  readonly files: readonly string[];
}

/** A program that tests alone use, built from its module, with files that belong to it. */
export interface ModuleTool {
  readonly build: ModuleBuild;
  readonly files: readonly ModuleFiles[];
}

/** Milliseconds to wait for another process that builds. */
const WAIT_TIMEOUT = 3 * 3600_000;

const DOWNLOAD_TIMEOUT = 300_000;

/** Folder of a tool in the tool cache: the program, the files, and what they were made from. */
function folderOf({ build }: ModuleTool): string {
  return join(cacheHome(), build.name);
}

function inputsOf({ build, files }: ModuleTool): string {
  return `${moduleInputs(build)} ${JSON.stringify(files)}`;
}

function isPresent(tool: ModuleTool): boolean {
  const record = join(folderOf(tool), "inputs");
  return existsSync(record) && readFileSync(record, "utf8") === inputsOf(tool);
}

/** Copies files out of their module, whose content is checked first. */
function copyFiles({ module, sum, files }: ModuleFiles, to: string): void {
  const { stdout, stderr, error } = spawnSync("go", ["mod", "download", "-json", module], {
    cwd: to,
    encoding: "utf8",
    env: goEnvironment(),
    timeout: DOWNLOAD_TIMEOUT,
  });
  if (error !== undefined) throw new Error(`${module} cannot be downloaded: ${error.message}`);
  const { Dir, Sum, Error: problem } = JSON.parse(stdout || "{}") as Record<string, string | undefined>;
  if (Dir === undefined) throw new Error(`${module} cannot be downloaded: ${problem ?? stderr}`);
  if (Sum !== sum) throw new Error(`${module} has the checksum ${Sum ?? ""}: expected ${sum}`);
  for (const file of files) copyFileSync(join(Dir, file), join(to, basename(file)));
}

async function build(tool: ModuleTool, log: Log): Promise<void> {
  await placeFolder(folderOf(tool), async (unfinished) => {
    await buildModules({ build: tool.build, folder: unfinished, log });
    for (const files of tool.files) copyFiles(files, unfinished);
    writeFileSync(join(unfinished, "inputs"), inputsOf(tool));
  });
  rmSync(goCaches(), { recursive: true, force: true });
}

/**
 * Returns the folder of a tool, built if the tool cache does not have it yet. Only one process builds at a time.
 * @throws Error that quotes what the compiler or the module proxy said.
 */
export async function ensureTool(tool: ModuleTool, log: Log): Promise<string> {
  const folder = folderOf(tool);
  if (isPresent(tool)) return folder;
  // The lock of setup: both use the same caches of Go.
  const release = await lock({
    file: join(cacheHome(), "setup.lock"),
    waiting: () => {
      log(`${tool.build.name}: another process sets up ${cacheHome()}; waiting for it`);
    },
    timeoutMilliseconds: WAIT_TIMEOUT,
  });
  try {
    if (!isPresent(tool)) await build(tool, log);
  } finally {
    release();
  }
  if (!isPresent(tool)) throw new Error(`${folder} was changed while it was built. Run the tests again`);
  return folder;
}
