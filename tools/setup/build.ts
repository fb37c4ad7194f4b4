import { rmSync } from "node:fs";
import { join } from "node:path";
import { createFolder } from "../create-folder.cjs";
import { type ModuleBuild, moduleFolder } from "./modules";
import { cacheHome } from "./paths";
import { runLong, withWords } from "./run";

const PROGRESS_INTERVAL = 10_000;
const BUILD_TIMEOUT = 2 * 3600_000;

/** Prints one line of progress. */
export type Log = (line: string) => void;

/** Returns the folder of Go's caches while building; an interrupted build continues from their content. */
export function goCaches(): string {
  return join(cacheHome(), "go");
}

/** Returns Go's settings for a build that depends on nothing but the pinned modules. */
export function goEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const folder = goCaches();
  return {
    ...env,
    CGO_ENABLED: "0",
    GOWORK: "off",
    // Writable, so that the cache can be removed by a user who is not root.
    GOFLAGS: "-mod=readonly -modcacherw",
    GOMODCACHE: join(folder, "mod"),
    GOCACHE: join(folder, "build"),
    GOTMPDIR: join(folder, "tmp"),
  };
}

/** Progress of a build, gathered from the lines of `go build -v`. */
export interface Progress {
  readonly downloaded: number;
  readonly compiled: number;
  /** The last module or package named. */
  readonly now: string;
  /** Lines that are neither, at most the last 15: what went wrong, if anything did. */
  readonly others: readonly string[];
}

export const NO_PROGRESS: Progress = { downloaded: 0, compiled: 0, now: "", others: [] };

/** Returns the progress after one more line of `go build -v`. */
export function advance(progress: Progress, line: string): Progress {
  const download = /^go: downloading (\S+) (\S+)$/.exec(line);
  if (download?.[1] !== undefined) {
    return { ...progress, downloaded: progress.downloaded + 1, now: download[1] };
  }
  if (/^[\w.~/-]+$/.test(line)) return { ...progress, compiled: progress.compiled + 1, now: line };
  return { ...progress, others: [...progress.others, line].slice(-15) };
}

/** Describes the progress of a build in one line. */
export function describe(progress: Progress, seconds: number): string {
  const { downloaded, compiled, now } = progress;
  if (now === "") return `${seconds} s, linking what an earlier build compiled`;
  return `${seconds} s, modules downloaded: ${downloaded}, packages compiled: ${compiled}; now ${now}`;
}

/**
 * Builds programs from their pinned modules into a folder.
 * @throws Error that quotes the compiler.
 */
export async function buildModules(options: {
  readonly build: ModuleBuild;
  readonly folder: string;
  readonly log: Log;
}): Promise<void> {
  const { build, folder, log } = options;
  const env = goEnvironment();
  rmSync(join(goCaches(), "tmp"), { recursive: true, force: true });
  createFolder(join(goCaches(), "tmp"));
  createFolder(folder);
  const started = Date.now();
  let progress = NO_PROGRESS;
  const seconds = (): number => Math.round((Date.now() - started) / 1000);
  const ticker = setInterval(() => {
    log(`${build.name}: building, ${describe(progress, seconds())}`);
  }, PROGRESS_INTERVAL);
  try {
    await runLong({
      command: "go",
      args: [
        "build",
        "-v",
        "-trimpath",
        "-buildvcs=false",
        "-ldflags",
        build.ldflags,
        "-o",
        `${folder}/`,
      ].concat(build.packages),
      cwd: moduleFolder(build),
      env,
      onLine: (line) => {
        progress = advance(progress, line);
      },
      timeoutMilliseconds: BUILD_TIMEOUT,
    });
  } catch (error) {
    throw withWords(error, (message) => `${build.name}: ${message}: ${progress.others.join(" | ")}`);
  } finally {
    clearInterval(ticker);
  }
  log(`${build.name}: built in ${seconds()} s`);
}
