import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** A command to run. */
export interface Execution {
  /** Program and its arguments; the command line is added as the last one. */
  readonly interpreter: readonly string[];
  readonly commandLine: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string | undefined;
  readonly standardInput: string | undefined;
  readonly cancelled: AbortSignal;
  /** Called for each line that the command prints. */
  readonly onLine: (stream: "stdout" | "stderr", line: string) => void;
}

/** Output of a command, without the last line's end. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Time for which a command has to end itself after SIGTERM, in milliseconds. */
const GRACE = 3000;

const running = new Set<ChildProcess>();

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}

/** Waits until all commands, which were cancelled before, have ended. */
export async function idle(): Promise<void> {
  await Promise.all(Array.from(running, closed));
}

/** Collects the output of a stream, in a list of its own and in one of both streams, in the order of arrival. */
function collect(stream: Readable | null, both: Buffer[], onLine: (line: string) => void): () => string {
  if (stream === null) return () => "";
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    both.push(chunk);
  });
  createInterface({ input: stream, crlfDelay: Infinity }).on("line", onLine);
  return () => Buffer.concat(chunks).toString("utf8").replace(/\n$/u, "");
}

function endOnAbort(child: ChildProcess, cancelled: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(child, "SIGTERM");
    timer = setTimeout(() => {
      signalGroup(child, "SIGKILL");
    }, GRACE);
  };
  if (cancelled.aborted) end();
  cancelled.addEventListener("abort", end, { once: true });
  return () => {
    clearTimeout(timer);
    cancelled.removeEventListener("abort", end);
  };
}

/** Returns an error with the official plugin's message (`run` in provider/pkg/provider/local of github.com/pulumi/pulumi-command). */
function failure(how: string, commandLine: string, both: readonly Buffer[]): Error {
  const printed = Buffer.concat(both).toString("utf8");
  return new Error(`${how}: running ${JSON.stringify(commandLine)}:\n${printed}`);
}

/**
 * Runs a command in a process group of its own, and waits until it has ended and closed its output.
 * @throws Error with its exit status and what it printed when it fails, or cannot be started.
 */
export async function execute(execution: Execution): Promise<Output> {
  const { interpreter, commandLine, environment, folder, standardInput, cancelled, onLine } = execution;
  const [program = "/bin/sh", ...words] = interpreter;
  const child = spawn(program, [...words, commandLine], {
    cwd: folder,
    env: { ...process.env, ...environment },
    detached: true,
    stdio: [standardInput === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  running.add(child);
  const both: Buffer[] = [];
  const stdout = collect(child.stdout, both, (line) => {
    onLine("stdout", line);
  });
  const stderr = collect(child.stderr, both, (line) => {
    onLine("stderr", line);
  });
  // A command need not read its input: that its pipe breaks is no failure.
  child.stdin?.on("error", () => undefined).end(standardInput);
  const forget = endOnAbort(child, cancelled);
  try {
    const { code, signal } = await closed(child);
    if (cancelled.aborted) throw failure("cancelled", commandLine, both);
    if (signal !== null) throw failure(`signal: ${signal}`, commandLine, both);
    if (code !== 0) throw failure(`exit status ${code ?? 1}`, commandLine, both);
    return { stdout: stdout(), stderr: stderr() };
  } finally {
    forget();
    running.delete(child);
  }
}

async function closed(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(new Error(`cannot start ${child.spawnfile}: ${error.message}; check "interpreter" and "dir"`));
    });
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
}
