import { closeSync, openSync } from "node:fs";
import { execa, type Options } from "execa";
import { INTERRUPT_SIGNALS } from "../command-line/interrupt";
import { withDeadline } from "../../kube/wait";
import { InterruptedError } from "../child.cjs";

/** The end of a program. */
export interface CommandResult {
  /** Exit code; 128 and the signal's number if it was killed, as in a shell. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program and its surroundings. */
export interface CommandOptions {
  readonly argv: readonly string[];
  /** 10 s by default. */
  readonly timeoutMilliseconds?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A file that the program reads as its standard input, which is empty without it. */
  readonly inputFile?: string;
}

const LIMIT = 10_000;

/**
 * Options that keep execa from changing what a program gets or prints. Its `cleanup` listens to signals of this process,
 * and a command would take that listener for one that stops its work after an interrupt.
 */
export const asIs = {
  reject: false,
  extendEnv: false,
  stripFinalNewline: false,
  maxBuffer: Infinity,
  cleanup: false,
} as const satisfies Options;

/**
 * Runs a program until it exits.
 * @throws Error in one line if it cannot be started or passes its deadline. It is then killed and abandoned: a program
 * that hangs on a dead mount does not exit even when it is killed.
 */
export async function runCommand(options: CommandOptions): Promise<CommandResult> {
  const [program = "", ...rest] = options.argv;
  const limit = options.timeoutMilliseconds ?? LIMIT;
  const input = options.inputFile === undefined ? undefined : openSync(options.inputFile, "r");
  const child = execa(program, rest, {
    ...asIs,
    env: options.env ?? process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // Any descriptor works; execa's type lists the first ones only.
    stdin: (input as 3 | undefined) ?? "ignore",
  });
  if (input !== undefined) closeSync(input);
  try {
    const late = `${options.argv.join(" ")} did not exit within ${limit} ms and was killed`;
    const { exitCode, signal, stdout, stderr, code, originalMessage } = await withDeadline(
      child,
      limit,
      late,
    );
    if (exitCode === undefined && signal === undefined) {
      const reason = code === "ENOENT" ? "it is not installed" : (originalMessage ?? String(code));
      throw new Error(`${program} cannot be run: ${reason}`);
    }
    return { code: exitCode ?? 137, stdout, stderr };
  } catch (error) {
    child.kill("SIGKILL");
    child.stdout.destroy();
    child.stderr.destroy();
    throw error;
  }
}

/**
 * Runs a program that has to succeed.
 * @returns its standard output
 * @throws Error in one line, with the last line that it printed, if it failed
 */
export async function mustRun(options: CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await runCommand(options);
  if (code === 0) return stdout;
  const last = (stderr.trim() || stdout.trim()).split("\n").at(-1) ?? "";
  throw new Error(`${options.argv.join(" ")} failed (exit code ${code}): ${last}`);
}

/** A program that runs for minutes, and a consumer of its lines. */
export interface LongRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line that the program prints, on either stream. */
  readonly onLine: (line: string) => void;
  /** The program is stopped after this time. */
  readonly timeoutMilliseconds: number;
}

/** Error of a program that was stopped because this process was interrupted. Callers must not try another way. */
export { InterruptedError };

/** Returns an error with a new message; an InterruptedError is returned unchanged. */
export function withWords(error: unknown, words: (message: string) => string): Error {
  return error instanceof InterruptedError ? error : new Error(words((error as Error).message));
}

/** Calls `stop` on a signal. The signal then ends this process too, unless it has another handler. */
function stopWithUs(stop: (signal: NodeJS.Signals) => void): () => void {
  const handlers = INTERRUPT_SIGNALS.map((signal) => {
    const handler = (): void => {
      stop(signal);
      process.removeListener(signal, handler);
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    process.on(signal, handler);
    return () => process.removeListener(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}

/**
 * Runs a program until it exits; a signal to this process stops it as well.
 * @throws Error in one line if it cannot be started, fails, or takes longer than its deadline.
 */
export async function runLong(run: LongRun): Promise<void> {
  const child = execa(run.command, run.args, {
    ...asIs,
    env: run.env ?? process.env,
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
    stdin: "ignore",
    buffer: false,
    timeout: run.timeoutMilliseconds,
    killSignal: "SIGKILL",
  });
  let received: NodeJS.Signals | undefined;
  const restore = stopWithUs((signal) => {
    received = signal;
    child.kill("SIGINT");
  });
  try {
    const readLines = async (from: "stdout" | "stderr"): Promise<void> => {
      for await (const line of child.iterable({ from })) run.onLine(line);
    };
    await Promise.all([readLines("stdout"), readLines("stderr")]);
    const { exitCode, signal, timedOut, originalMessage } = await child;
    const what = `${run.command} ${run.args[0] ?? ""}`.trim();
    if (received !== undefined) throw new InterruptedError(received);
    if (timedOut) throw new Error(`${what} was stopped: not done within ${run.timeoutMilliseconds / 1000} s`);
    if (signal !== undefined) throw new Error(`${what} was killed by ${signal}`);
    if (exitCode === undefined) throw new Error(`${run.command} cannot be started: ${originalMessage ?? ""}`);
    if (exitCode !== 0) throw new Error(`${what} failed with status ${exitCode}`);
  } finally {
    restore();
  }
}
