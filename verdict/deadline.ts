/** A call was not answered in time. */
export class LateError extends Error {}

/**
 * Waits for a call, but no longer than told: what it calls may hang.
 * @throws LateError with the words for being late, or whatever the call throws.
 */
export async function withDeadline<T>(call: Promise<T>, milliseconds: number, late: string): Promise<T> {
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
