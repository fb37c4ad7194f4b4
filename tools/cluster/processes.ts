import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** The facts of /proc/PID/stat that identify a process (see proc(5)). */
export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  /** In clock ticks after the machine's start. With the pid it names one process for good. */
  readonly startTime: number;
}

/**
 * Reads the text of /proc/PID/stat. The program's name in it may hold spaces and parentheses.
 * @returns undefined if the text is not of that form
 */
export function parseStat(text: string): ProcessStat | undefined {
  const match = /^(\d+) \(.*\) (\S) (.*)$/s.exec(text.trim());
  const fields = match?.[3]?.split(" ");
  const parent = Number(fields?.[0]);
  const startTime = Number(fields?.[18]);
  if (match?.[2] === undefined || !Number.isInteger(parent) || !Number.isInteger(startTime)) return undefined;
  return { pid: Number(match[1]), state: match[2], parent, startTime };
}

/** Error codes of a lack of files or memory, which prove nothing about the process that is read. */
const OUT_OF_SOMETHING = ["EMFILE", "ENFILE", "ENOMEM"];

/**
 * Reads a file below /proc/PID; undefined if the process has ended.
 * @throws Error if the machine is out of files or memory: the process may still run
 */
export function readProc(
  pid: number,
  file: string,
  read: (path: string) => string = (path) => readFileSync(path, "utf8"),
): string | undefined {
  try {
    return read(`/proc/${pid}/${file}`);
  } catch (error) {
    if (OUT_OF_SOMETHING.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return undefined;
  }
}

/** Returns the facts of a living process; undefined for any other, also for a zombie. */
export function statOf(pid: number): ProcessStat | undefined {
  const stat = parseStat(readProc(pid, "stat") ?? "");
  return stat === undefined || stat.state === "Z" || stat.state === "X" ? undefined : stat;
}

/** Returns the ids of all processes that this process can see. */
export function allPids(): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

/** Returns the command line of a process; empty while it replaces its program (execve(2)). */
export function commandLineOf(pid: number): string[] {
  const text = readProc(pid, "cmdline") ?? "";
  return text === "" ? [] : text.replace(/\0$/, "").split("\0");
}

/** Returns the file name of the program that a process was started as. */
export function programOf(pid: number): string | undefined {
  const [argv0 = ""] = commandLineOf(pid);
  return argv0 === "" ? undefined : basename(argv0);
}

/** Returns the identity of a process's namespace of a kind, such as `pid:[4026532201]`. */
export function namespaceOf(pid: number | "self", kind: "pid" | "mnt" | "net"): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined;
  }
}

/** Sends a signal; a process that is already gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
