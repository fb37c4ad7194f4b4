import { hasEnded, type ProcessFacts, readProcess } from "./pulumi/processes";

/**
 * Calls a function when the process that started this one is gone: another then is its parent. The check keeps no
 * process alive.
 * @param interval between two checks, in milliseconds
 */
export function whenParentEnds(interval: number, ended: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) ended();
  }, interval).unref();
}

/** Finds the engine that, by way of its plugin, started this process; undefined if there is none. */
function engineAbove(): { readonly pid: number; readonly facts: ProcessFacts } | undefined {
  let pid = process.ppid;
  while (pid > 1) {
    const facts = readProcess(pid);
    if (facts?.name === "pulumi") return { pid, facts };
    pid = facts?.parent ?? 0;
  }
  return undefined;
}

/**
 * Calls a function when the process that started this one is gone, or the engine above it: a plugin can outlive an engine
 * that was killed for seconds, and minutes. The check keeps no process alive.
 * @param interval between two checks, in milliseconds
 */
export function whenEngineEnds(interval: number, ended: () => void): void {
  whenParentEnds(interval, ended);
  const engine = engineAbove();
  if (engine === undefined) return;
  setInterval(() => {
    if (hasEnded(engine.pid, engine.facts)) ended();
  }, interval).unref();
}
