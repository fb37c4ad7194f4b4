import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildModules, goCaches, goEnvironment, type Log } from "../../../tools/setup/build";
import { placeFolder, removeUnfinished } from "../../../tools/setup/files";
import { lock } from "../../../tools/lock.cjs";
import { type ModuleBuild, moduleInputs } from "../../../tools/setup/modules";
import { cacheHome } from "../../../tools/setup/paths";

/** Files of a Go module that are only read. */
interface ModuleFiles {
  /** Path and version. */
  readonly module: string;
  /** Checksum of the module's content, as in go.sum. */
  readonly sum: string;
  /** Paths in the module. */
  readonly files: readonly string[];
}

/** A program that tests alone use, built from its module, with files of modules that belong to it. */
export interface ModuleTool {
  readonly build: ModuleBuild;
  readonly files: readonly ModuleFiles[];
}

/** Milliseconds to wait for another process that builds. */
const WAIT_TIMEOUT = 3 * 3600_000;

const DOWNLOAD_TIMEOUT = 300_000;

/** Folder of the tools in the tool cache. */
const toolsFolder = (): string => join(cacheHome(), "test-tools");

/** Folder of a tool: the program, the files below their paths in their modules, and the hash of what they were made from. */
function folderOf({ build }: ModuleTool): string {
  return join(toolsFolder(), build.name);
}

function inputsOf({ build, files }: ModuleTool): string {
  return `${moduleInputs(build)} ${JSON.stringify(files)}`;
}

function isPresent(tool: ModuleTool): boolean {
  const record = join(folderOf(tool), "inputs");
  return existsSync(record) && readFileSync(record, "utf8") === inputsOf(tool);
}

/** Returns the path of a tool's program. */
export function programOf(tool: ModuleTool): string {
  return join(folderOf(tool), tool.build.name);
}

/** Returns the path of a file of a tool, by its path in its module. */
export function fileOf(tool: ModuleTool, path: string): string {
  return join(folderOf(tool), "files", path);
}

/** Copies files out of their module, whose content is checked first. */
function copyFiles({ module, sum, files }: ModuleFiles, to: string): void {
  const env = goEnvironment();
  const { stdout, stderr, error } = spawnSync("go", ["mod", "download", "-json", module], {
    cwd: to,
    encoding: "utf8",
    env,
    timeout: DOWNLOAD_TIMEOUT,
  });
  if (error !== undefined) throw new Error(`${module} cannot be downloaded: ${error.message}`);
  const answer = JSON.parse(stdout || "{}") as Record<string, string | undefined>;
  if (answer.Sum === undefined) throw new Error(`${module} cannot be downloaded: ${answer.Error ?? stderr}`);
  if (answer.Sum !== sum) throw new Error(`${module} has the checksum ${answer.Sum}: expected ${sum}`);
  // Go names no folder if the module needs a newer Go to be compiled. Here it is only read.
  const folder = answer.Dir ?? join(env.GOMODCACHE ?? "", module);
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(folder, file), join(to, file));
  }
}

async function build(tool: ModuleTool, log: Log): Promise<void> {
  await placeFolder(folderOf(tool), async (unfinished) => {
    await buildModules({ build: tool.build, folder: unfinished, log });
    const files = join(unfinished, "files");
    mkdirSync(files);
    for (const one of tool.files) copyFiles(one, files);
    writeFileSync(join(unfinished, "inputs"), inputsOf(tool));
  });
}

/**
 * Builds the tools that the tool cache does not have. Only one process builds at a time, and it removes Go's caches at the
 * end.
 * @throws Error that quotes what the compiler or the module proxy printed.
 */
export async function ensureTools(tools: readonly ModuleTool[], log: Log): Promise<void> {
  const missing = (): ModuleTool[] => tools.filter((tool) => !isPresent(tool));
  if (missing().length === 0) return;
  // The lock of setup: both use the same caches of Go.
  const release = await lock({
    file: join(cacheHome(), "setup.lock"),
    waiting: () => {
      log(`test tools: another process sets up ${cacheHome()}; waiting for it`);
    },
    timeoutMilliseconds: WAIT_TIMEOUT,
  });
  try {
    removeUnfinished(toolsFolder());
    for (const tool of missing()) await build(tool, log);
    rmSync(goCaches(), { recursive: true, force: true });
  } finally {
    release();
  }
  const [changed] = missing();
  if (changed !== undefined)
    throw new Error(`the sources of ${changed.build.name} changed while it was built. Run the tests again`);
}
