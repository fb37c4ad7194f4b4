import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  /** What is waited for, as words that follow "waited for". */
  readonly what: string;
  readonly timeoutMilliseconds: number;
  readonly intervalMilliseconds?: number;
  /** Looks once: undefined when all is there, else what is missing. A thrown error ends the wait. */
  readonly look: () => undefined | string | Promise<undefined | string>;
}

/**
 * Looks again and again until `look` reports nothing that is missing.
 * `look` returns undefined when all is well, otherwise what is still missing.
 * @throws Error that says what was missing last
 */
export async function waitUntil(options: WaitOptions): Promise<void> {
  const end = Date.now() + options.timeoutMilliseconds;
  for (;;) {
    const missing = await options.look();
    if (missing === undefined) return;
    if (Date.now() >= end) {
      throw new Error(
        `waited ${options.timeoutMilliseconds / 1000} s for ${options.what}, in vain: ${missing}`,
      );
    }
    await sleep(options.intervalMilliseconds ?? 50);
  }
}
