import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Limit for `ps`, in milliseconds. */
const PS_TIMEOUT = 5000;

/** Facts about a process. */
export interface ProcessFacts {
  /** Name of its program, without the folder. */
  readonly name: string;
  /** Process id of its parent. */
  readonly parent: number;
  /** True if its process group is the one in the foreground of its terminal. */
  readonly foreground: boolean;
  /** True if it has ended, and its parent has not read its exit status yet. */
  readonly zombie: boolean;
  /** When it began, in the words of the system: distinguishes it from a later process with its number. */
  readonly began: string;
}

/**
 * Parses the text of /proc/PID/stat, proc_pid_stat(5); undefined if it is cut short. The program's name in it may hold
 * spaces and parentheses.
 */
export function parseStat(stat: string): ProcessFacts | undefined {
  const [, name, rest = ""] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
  const fields = rest.split(" ");
  const [state, parent, group, , , foreground] = fields;
  const began = fields[19];
  if (name === undefined || state === undefined || began === undefined) return undefined;
  return {
    ...{ name, parent: Number(parent), began },
    foreground: group === foreground,
    zombie: /^[ZX]$/.test(state),
  };
}

/** The columns that {@link parsePs} reads: both macOS and procps have them. */
const COLUMNS = "ppid=,pgid=,tpgid=,stat=,lstart=,comm=";

/** Number of the words of `lstart`, such as `Wed Nov 25 18:00:00 2026`. */
const WORDS_OF_TIME = 5;

/**
 * Parses what `ps -o` prints of one process; undefined if it prints nothing. The last column is the program's name, on
 * macOS with its path, which may hold spaces.
 */
export function parsePs(printed: string): ProcessFacts | undefined {
  const [parent, group, foreground, stat, ...rest] = printed.trim().split(/\s+/);
  if (stat === undefined) return undefined;
  return {
    name: rest.slice(WORDS_OF_TIME).join(" ").split("/").at(-1) ?? "",
    parent: Number(parent),
    foreground: group === foreground,
    zombie: stat.startsWith("Z"),
    began: rest.slice(0, WORDS_OF_TIME).join(" "),
  };
}

/** Reads facts about a process from /proc; undefined if there is none with this number, or no /proc, as on macOS. */
function readStat(pid: number): ProcessFacts | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Reads facts about a process; undefined if there is none with this number, or if nothing reports it. */
export function readProcess(pid: number): ProcessFacts | undefined {
  const facts = readStat(pid);
  if (facts !== undefined) return facts;
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const args = ["-o", COLUMNS, "-p", String(pid)];
  const { stdout, error } = spawnSync("ps", args, { env, encoding: "utf8", timeout: PS_TIMEOUT });
  return error === undefined ? parsePs(stdout) : undefined;
}

/** Returns true if no process has this id. */
function isAbsent(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/**
 * Returns true if a process that ran before has exited. Starts no program, so it can be called often; the price without
 * /proc is that a zombie, or a later process with the same id, counts as the same process.
 */
export function hasEnded(pid: number, { began }: Pick<ProcessFacts, "began">): boolean {
  if (isAbsent(pid)) return true;
  const now = readStat(pid);
  return now !== undefined && (now.began !== began || now.zombie);
}

/** Returns when a process began; empty if that is not known. */
export function beganAt(pid: number): string {
  return readProcess(pid)?.began ?? "";
}

/** Returns true if a process has ended, even if its parent has not read its exit status yet. */
export function isDead(pid: number): boolean {
  return isAbsent(pid) || readProcess(pid)?.zombie === true;
}
