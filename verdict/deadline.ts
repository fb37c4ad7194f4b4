/**
 * Waits for a call, but no longer than told: what it calls may hang.
 * @throws Error with the words for being late, or whatever the call throws.
 */
export async function withDeadline<T>(call: Promise<T>, milliseconds: number, late: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(late));
    }, milliseconds);
  });
  try {
    return await Promise.race([call, alarm]);
  } finally {
    clearTimeout(timer);
  }
}
