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

/** What a command printed, without the last line's end. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a command has to end itself after SIGTERM, in milliseconds. */
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

/** Waits until all commands have ended: they are cancelled before, and have little time left. */
export async function idle(): Promise<void> {
  await Promise.all(Array.from(running, closed));
}

function collect(stream: Readable | null, onLine: (line: string) => void): () => string {
  if (stream === null) return () => "";
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
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

function failure(how: string, { stdout, stderr }: Output): Error {
  const printed = [stdout, stderr].filter((text) => text !== "").join("\n");
  return new Error(printed === "" ? how : `${how}; the command printed:\n${printed}`);
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
  const stdout = collect(child.stdout, (line) => {
    onLine("stdout", line);
  });
  const stderr = collect(child.stderr, (line) => {
    onLine("stderr", line);
  });
  // A command need not read its input: that its pipe breaks is no failure.
  child.stdin?.on("error", () => undefined).end(standardInput);
  const forget = endOnAbort(child, cancelled);
  try {
    const { code, signal } = await closed(child);
    const output = { stdout: stdout(), stderr: stderr() };
    if (cancelled.aborted) throw failure("cancelled", output);
    if (signal !== null) throw failure(`signal: ${signal}`, output);
    if (code !== 0) throw failure(`exit status ${code ?? 1}`, output);
    return output;
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
