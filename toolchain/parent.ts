/**
 * Calls a function when the process that started this one is gone: on Linux another then is its parent. That this is
 * looked for keeps no process alive.
 * @param interval between two looks, in milliseconds
 */
export function whenParentEnds(interval: number, ended: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) ended();
  }, interval).unref();
}
