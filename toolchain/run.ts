import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { INTERRUPT_SIGNALS } from "../command-line/interrupt";
import { InterruptedError } from "./child.cjs";

/** A program that runs for long, and what to do with its lines. */
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

/** A program stopped because this process was interrupted. Callers must not fall back to another way. */
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
 * Runs a program to its end; a signal to this process ends it as well.
 * @throws Error in one line if it cannot be started, fails, or takes longer than its deadline.
 */
export function runLong(run: LongRun): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.command, run.args, {
      cwd: run.cwd,
      env: run.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let late = false;
    let received: NodeJS.Signals | undefined;
    const restore = stopWithUs((signal) => {
      received = signal;
      child.kill("SIGINT");
    });
    const deadline = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, run.timeoutMilliseconds);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", run.onLine);
    }
    const end = (error?: Error): void => {
      clearTimeout(deadline);
      restore();
      if (error === undefined) resolve();
      else reject(error);
    };
    child.on("error", (error) => {
      end(new Error(`${run.command} cannot be started: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      const what = `${run.command} ${run.args[0] ?? ""}`.trim();
      if (received !== undefined) end(new InterruptedError(received));
      else if (late)
        end(new Error(`${what} was stopped: not done within ${run.timeoutMilliseconds / 1000} s`));
      else if (signal !== null) end(new Error(`${what} was ended by ${signal}`));
      else if (code !== 0) end(new Error(`${what} failed with status ${code}`));
      else end();
    });
  });
}
