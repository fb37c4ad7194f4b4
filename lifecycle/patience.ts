import { setTimeout as sleep } from "node:timers/promises";

/** One call of the API that takes longer than this is given up, in milliseconds. */
const CALL_MILLISECONDS = 10_000;

/** Between two looks, in milliseconds. */
const PAUSE_MILLISECONDS = 100;

/** Between two attempts to reach an API server that does not answer, in milliseconds. */
const UNREACHABLE_PAUSE_MILLISECONDS = 1000;

/** Until when to go on, in milliseconds since 1970. */
export interface Deadline {
  readonly until: number;
}

/** A deadline some seconds from now. */
export function within(seconds: number): Deadline {
  return { until: Date.now() + seconds * 1000 };
}

/** The HTTP status of an answer; undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "number" ? code : undefined;
}

function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status === 429 || status >= 500;
}

async function limited<T>(call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${CALL_MILLISECONDS / 1000} s`));
    }, CALL_MILLISECONDS);
  });
  try {
    return await Promise.race([call(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls until there is an answer, good or bad, or the deadline has passed: an API server may be away for a while. */
export async function patiently<T>(deadline: Deadline, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await limited(call);
    } catch (error) {
      if (!isPassing(error) || Date.now() >= deadline.until) throw error;
      await sleep(UNREACHABLE_PAUSE_MILLISECONDS);
    }
  }
}

/** Looks until there is something, or the deadline has passed: undefined then. */
export async function until<T>(
  deadline: Deadline,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= deadline.until) return undefined;
    await sleep(PAUSE_MILLISECONDS);
  }
}
