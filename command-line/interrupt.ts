import { constants } from "node:os";

/** Signals by which a person, a terminal that is closed or a supervisor asks a command to end. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Returns the exit status of a program that a signal has ended, as shells have it. */
export function statusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** How a command takes notice of being interrupted. */
export interface Interruption {
  /** Returns the first signal that asked the command to end; undefined if none did. */
  readonly signal: () => NodeJS.Signals | undefined;
  /** Stops taking notice. */
  readonly release: () => void;
}

/**
 * Takes notice of signals that ask this process to end. If nothing else listens to one, `end` is called at once; whoever
 * listens ends its own work by it, and thereby the command.
 * @param end must end this process
 */
export function noticeInterrupts(end: (signal: NodeJS.Signals) => void): Interruption {
  let first: NodeJS.Signals | undefined;
  const notice = (signal: NodeJS.Signals): void => {
    first ??= signal;
    if (process.listenerCount(signal) === 1) end(first);
  };
  // Before all other listeners: those of a first signal alone are still counted then.
  for (const signal of SIGNALS) process.prependListener(signal, notice);
  return {
    signal: () => first,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, notice);
    },
  };
}
