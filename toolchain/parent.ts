import { readFileSync } from "node:fs";

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

/** A process as /proc/PID/stat describes it: see proc_pid_stat(5). */
interface ProcessStat {
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  /** When it was started, in clock ticks since the machine was: a later process with its id has another time. */
  readonly started: string;
}

/** Parses a line of /proc/PID/stat. The name can hold anything, parentheses and spaces too. */
export function parseStat(line: string): ProcessStat | undefined {
  const [, name, rest = ""] = /^\d+ \((.*)\) (.*)$/s.exec(line) ?? [];
  const fields = rest.split(" ");
  const [state, parent] = fields;
  const started = fields[19];
  if (name === undefined || state === undefined || started === undefined) return undefined;
  return { name, state, parent: Number(parent), started };
}

function statOf(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Finds the engine that, by way of its plugin, started this process; undefined if there is none. */
function engineAbove(): { readonly pid: number; readonly started: string } | undefined {
  let pid = process.ppid;
  while (pid > 1) {
    const stat = statOf(pid);
    if (stat?.name === "pulumi") return { pid, started: stat.started };
    pid = stat?.parent ?? 0;
  }
  return undefined;
}

/**
 * Calls a function when the process that started this one is gone, or the engine above it: a plugin can outlive an engine
 * that was killed for seconds, and minutes. That this is looked for keeps no process alive.
 * @param interval between two looks, in milliseconds
 */
export function whenEngineEnds(interval: number, ended: () => void): void {
  whenParentEnds(interval, ended);
  const engine = engineAbove();
  if (engine === undefined) return;
  setInterval(() => {
    const stat = statOf(engine.pid);
    if (stat?.started !== engine.started || stat.state === "Z") ended();
  }, interval).unref();
}
