import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const project = join(__dirname, "..", "..");

/** What a command printed, and how it ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line of the engine that runs. */
export interface Running {
  /** Resolves when it has printed something that matches. @throws Error if it ends before, or in 60 s has not. */
  readonly printed: (pattern: RegExp) => Promise<void>;
  /** Sends a signal as a person would: to the command alone, or, for SIGKILL, to the engine with it. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** How it ended, whatever way. */
  readonly ended: Promise<Finished>;
}

const PRINTED_MILLISECONDS = 60_000;

function signalled(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  process.kill(signal === "SIGKILL" ? -child.pid : child.pid, signal);
}

export interface Surroundings {
  /** Variables beside those of the stack's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A command line that runs the one which is added to it, such as nsenter's. */
  readonly through?: readonly string[];
}

/** Starts the literal command line in a process group of its own. */
export function startPulumi(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  through: readonly string[] = [],
): Running {
  const [program = "", ...rest] = [...through, join(project, "node_modules", ".bin", "pulumi"), ...args];
  const child = spawn(program, rest, {
    cwd: project,
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      printed[stream] += text;
      for (const look of watchers) look();
    });
  }
  // Not "close" alone: a plugin that outlives a killed engine for a moment keeps the pipes open.
  const ended = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject).on("exit", (code) => {
      const end = (): void => {
        resolve({ code, ...printed });
      };
      child.on("close", end);
      setTimeout(end, 100);
    });
  });
  const untilPrinted = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        watchers.delete(look);
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error);
      };
      const look = (): void => {
        if (pattern.test(printed.stdout + printed.stderr)) settle();
      };
      const fail = (why: string): void => {
        settle(new Error(`${why} before it printed ${String(pattern)}:\n${printed.stdout}${printed.stderr}`));
      };
      const timer = setTimeout(fail, PRINTED_MILLISECONDS, "a minute passed");
      watchers.add(look);
      void ended.then(() => {
        fail("it ended");
      });
      look();
    });
  return {
    printed: untilPrinted,
    signal: (signal) => {
      signalled(child, signal);
    },
    ended,
  };
}
