import { setTimeout as sleep } from "node:timers/promises";

/** One API call that takes longer than this is abandoned, in milliseconds. */
const CALL_MILLISECONDS = 10_000;

/** Time between two polls, in milliseconds. */
const INTERVAL_MILLISECONDS = 100;

/** Time between two calls to an API server that does not answer, in milliseconds. */
const UNREACHABLE_INTERVAL_MILLISECONDS = 1000;

/** A time limit, in milliseconds since 1970. */
export interface Deadline {
  readonly until: number;
}

/** Returns a deadline some seconds from now. */
export function within(seconds: number): Deadline {
  return { until: Date.now() + seconds * 1000 };
}

/** Error of a call that was not answered in time. */
export class LateError extends Error {}

/**
 * Waits for a call, which may hang, for a limited time.
 * @throws LateError with the message `late`, or the error of the call.
 */
export async function withDeadline<T>(call: PromiseLike<T>, milliseconds: number, late: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new LateError(late));
    }, milliseconds);
  });
  try {
    return await Promise.race([call, alarm]);
  } finally {
    clearTimeout(timer);
  }
}

/** A deadline with the time between two polls, and a signal that aborts the wait. */
export interface PollOptions extends Deadline {
  /** 100 ms by default. */
  readonly intervalMilliseconds?: number;
  readonly signal?: AbortSignal;
}

/** Polls until `look` returns a value. Resolves to undefined on timeout or abort; `look` is called at least once. */
export async function poll<T>(
  options: PollOptions,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T | undefined> {
  const { until, intervalMilliseconds = INTERVAL_MILLISECONDS, signal } = options;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= until || signal?.aborted === true) return undefined;
    await sleep(intervalMilliseconds, undefined, { signal }).catch(() => undefined);
  }
}

/** A condition to wait for that reports what is missing. */
export interface WaitOptions {
  /** Subject of the wait, as words that follow "waited for". */
  readonly what: string;
  readonly timeoutMilliseconds: number;
  /** 50 ms by default. */
  readonly intervalMilliseconds?: number;
  /** Returns undefined if nothing is missing, else a description of what is. An error stops the wait. */
  readonly look: () => undefined | string | Promise<undefined | string>;
}

/**
 * Polls until `look` reports nothing that is missing.
 * @throws Error with what was missing last.
 */
export async function waitUntil(options: WaitOptions): Promise<void> {
  const { what, timeoutMilliseconds, intervalMilliseconds = 50 } = options;
  let missing: string | undefined = "";
  const done = await poll({ ...within(timeoutMilliseconds / 1000), intervalMilliseconds }, async () => {
    missing = await options.look();
    return missing === undefined ? true : undefined;
  });
  if (done === undefined) throw new Error(`waited ${timeoutMilliseconds / 1000} s for ${what}: ${missing}`);
}

/** Returns the HTTP status of the answer that an error stands for; undefined if there was no answer. */
export function statusOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "number" ? code : undefined;
}

function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status === 429 || status >= 500;
}

/** Retries an API call until the server responds (success or client error) or the deadline passes. */
export async function retry<T>(deadline: Deadline, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await withDeadline(call(), CALL_MILLISECONDS, `no answer within ${CALL_MILLISECONDS / 1000} s`);
    } catch (error) {
      if (!isTransient(error) || Date.now() >= deadline.until) throw error;
      await sleep(UNREACHABLE_INTERVAL_MILLISECONDS);
    }
  }
}
