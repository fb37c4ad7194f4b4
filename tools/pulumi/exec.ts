// Runs a program in place of this process, as exec(2) would, which Node.js 20 does not have.
import { type ChildProcess, spawn } from "node:child_process";
import { INTERRUPT_SIGNALS, statusOfSignal } from "../command-line/interrupt";
import { readProcess } from "./processes";

/** Result of a program. */
export interface End {
  /** Its exit status; null if a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The signal that interrupted this process, if there was one. */
  readonly interrupt: NodeJS.Signals | null;
}

/**
 * Returns true if a Ctrl-C in the terminal reaches the child without our help: it goes to the whole foreground group.
 * Passing it on as well would deliver it twice, and a second interrupt makes the engine abandon its update.
 */
function inForeground(): boolean {
  return readProcess(process.pid)?.foreground ?? process.stdin.isTTY;
}

/** Starts a program with this process's stdio, passes signals on, and ends as it ends. */
export function replaceBy(program: {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Returns what to print if it cannot be started. */
  readonly notStarted: (error: NodeJS.ErrnoException) => string;
  /** Called before this process ends. A number that it returns is the exit status to end with. */
  readonly ended: (end: End) => number | undefined;
}): void {
  const { command, args, env, notStarted, ended } = program;
  let interrupt: NodeJS.Signals | null = null;
  const started: { child?: ChildProcess } = {};
  // Before the program starts: a signal that it provokes at once would end this process alone.
  for (const signal of INTERRUPT_SIGNALS) {
    process.on(signal, () => {
      interrupt = signal;
      if (signal !== "SIGINT" || !inForeground()) started.child?.kill(signal);
    });
  }
  const child = spawn(command, args, { stdio: "inherit", env });
  started.child = child;
  child.on("error", (error) => {
    ended({ status: 1, signal: null, interrupt });
    process.stderr.write(`${notStarted(error)}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (status, signal) => {
    const instead = ended({ status, signal, interrupt });
    if (signal === null) process.exit(instead ?? status ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Only reached for a signal that does not end a Node.js process by default.
    setTimeout(() => process.exit(statusOfSignal(signal)), 100);
  });
}
