import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Limit for `ps`, in milliseconds. */
const PS_TIMEOUT = 5000;

/** Facts about a process. */
export interface ProcessFacts {
  /** True if its process group is the one in the foreground of its terminal. */
  readonly foreground: boolean;
  /** True if it has ended, and its parent has not read its exit status yet. */
  readonly zombie: boolean;
  /** When it began, in the words of the system: distinguishes it from a later process with its number. */
  readonly began: string;
}

/** Parses the text of /proc/PID/stat, proc_pid_stat(5). The program's name in it may hold spaces and parentheses. */
export function parseStat(stat: string): ProcessFacts {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    foreground: fields[2] === fields[5],
    zombie: /^[ZX]$/.test(fields[0] ?? ""),
    began: fields[19] ?? "",
  };
}

/** The columns that {@link parsePs} reads: both macOS and procps have them. */
const COLUMNS = "pgid=,tpgid=,stat=,lstart=";

/** Parses what `ps -o` prints of one process; undefined if it prints nothing. */
export function parsePs(printed: string): ProcessFacts | undefined {
  const [group, foreground, stat, ...began] = printed.trim().split(/\s+/);
  if (stat === undefined) return undefined;
  return { foreground: group === foreground, zombie: stat.startsWith("Z"), began: began.join(" ") };
}

/** Reads facts about a process; undefined if there is none with this number, or if nothing reports it. */
export function readProcess(pid: number): ProcessFacts | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // macOS has no /proc.
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    const args = ["-o", COLUMNS, "-p", String(pid)];
    const { stdout, error } = spawnSync("ps", args, { env, encoding: "utf8", timeout: PS_TIMEOUT });
    return error === undefined ? parsePs(stdout) : undefined;
  }
}

/** Returns when a process began; empty if that is not known. */
export function beganAt(pid: number): string {
  return readProcess(pid)?.began ?? "";
}

/** Returns true if a process has ended, even if its parent has not read its exit status yet. */
export function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  return readProcess(pid)?.zombie === true;
}
