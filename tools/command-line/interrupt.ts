import { INTERRUPT_SIGNALS, statusOfSignal } from "../child.cjs";

export { INTERRUPT_SIGNALS, statusOfSignal };

/** An observer of the signals that interrupt a command. */
export interface Interruption {
  /** Returns the first signal that interrupted the command; undefined if none did. */
  readonly signal: () => NodeJS.Signals | undefined;
  /** Stops observing. */
  readonly release: () => void;
}

/**
 * Observes the signals that interrupt this process. Calls `end` at once for a signal without another listener; another
 * listener is expected to stop the command's work, after which the command exits by itself.
 * @param end must terminate this process
 */
export function noticeInterrupts(end: (signal: NodeJS.Signals) => void): Interruption {
  let first: NodeJS.Signals | undefined;
  const notice = (signal: NodeJS.Signals): void => {
    first ??= signal;
    if (process.listenerCount(signal) === 1) end(first);
  };
  // Ahead of other listeners: one that removes itself while it handles a signal is still counted.
  for (const signal of INTERRUPT_SIGNALS) process.prependListener(signal, notice);
  return {
    signal: () => first,
    release: () => {
      for (const signal of INTERRUPT_SIGNALS) process.off(signal, notice);
    },
  };
}

/**
 * Returns a signal that is aborted when this process is interrupted, so that it can clean up before it exits.
 * @param notify called once, at the first interrupt
 */
export function abortOnInterrupt(notify: () => void = () => undefined): AbortSignal {
  const controller = new AbortController();
  controller.signal.addEventListener("abort", notify);
  for (const signal of INTERRUPT_SIGNALS) {
    process.on(signal, () => {
      controller.abort();
    });
  }
  return controller.signal;
}
