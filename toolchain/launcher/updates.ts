// Records how the last update and the last destroy that this launcher started ended. An update that is killed before its
// program runs leaves the outputs of the one before; a destroy that is killed leaves in the state what is gone, or soon
// will be. Nothing in the state says so.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { End } from "./child";
import { stateHome } from "./homes";
import { deadLocks } from "./locks";
import { beganAt, isDead } from "./processes";

type Folder = "updates" | "destroys";

/** Where commands are noted, by what they do. */
const FOLDERS: ReadonlyMap<string, Folder> = new Map([
  ["up", "updates"],
  ["update", "updates"],
  ["destroy", "destroys"],
]);

/** The stack that a command is about. */
export interface Subject {
  readonly stack: string | undefined;
  readonly backend: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** A command that did not succeed. */
export interface Unfinished {
  /** When it began, in milliseconds since 1970. */
  readonly began: number;
  /** What became of it, as the predicate of a sentence. */
  readonly how: string;
}

interface CommandRecord {
  readonly began: string;
  readonly pid: number;
  /** When the process began: distinguishes it from a later one with its number. */
  readonly process: string;
  readonly stack: string | null;
  /** True if it does a part of what it does without options. */
  readonly part: boolean;
  /** How it ended; absent while it runs, and if it was killed. */
  readonly end?: End;
}

/** Returns true for a command that is noted as an update. */
export function isUpdate(verb: string | undefined): boolean {
  return FOLDERS.get(verb ?? "") === "updates";
}

/** Options with which a command does nothing. */
const DOES_NOTHING = /^(?:--help|-h|--preview-only)(?:=true)?$/;

/** Options with which a command does a part of what it does without. */
const DOES_A_PART =
  /^(?:--target|-t|--target-dependents|--exclude|--exclude-dependents|--exclude-protected)(?:=|$)/;

function recordFile(folder: Folder, { backend, env }: Subject): string {
  const key = createHash("sha256")
    .update(backend?.split("?")[0] ?? "")
    .digest("hex")
    .slice(0, 16);
  return join(stateHome(env), folder, `${key}.json`);
}

/** Writes a record if that is possible: a command does not fail because it cannot be noted. */
function write(file: string, record: CommandRecord): void {
  const part = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(part, JSON.stringify(record), { mode: 0o600 });
    renameSync(part, file);
  } catch {
    rmSync(part, { force: true });
  }
}

/**
 * Notes that an update or a destroy begins, if the command is one.
 * @returns the function that notes how it ended.
 */
export function noteCommand(
  command: Subject & { readonly verb: string | undefined; readonly args: readonly string[] },
): (end: End) => void {
  const { verb, args, stack } = command;
  const folder = FOLDERS.get(verb ?? "");
  if (folder === undefined || args.some((arg) => DOES_NOTHING.test(arg))) return () => undefined;
  const file = recordFile(folder, command);
  const { pid } = process;
  const part = args.some((arg) => DOES_A_PART.test(arg));
  const began = new Date().toISOString();
  const record = { began, pid, process: beganAt(pid), stack: stack ?? null, part };
  write(file, record);
  return (end) => {
    write(file, { ...record, end });
  };
}

function readRecord(folder: Folder, subject: Subject): CommandRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(folder, subject), "utf8")) as CommandRecord;
  } catch {
    return undefined;
  }
}

/** Returns true if two commands mean one stack, as far as they name it. */
function sameStack(one: string | null | undefined, other: string | undefined): boolean {
  return one === undefined || one === null || other === undefined || one === other;
}

/** Returns how the last command that is noted in a folder failed; undefined if it did not. */
function unfinished(folder: Folder, subject: Subject): Unfinished | undefined {
  const record = readRecord(folder, subject);
  if (record === undefined || !sameStack(record.stack, subject.stack)) return undefined;
  const { pid, end, part } = record;
  const began = Date.parse(record.began);
  if (end === undefined && !isDead(pid) && beganAt(pid) === record.process) return { began, how: "runs" };
  if (end === undefined) return { began, how: "was killed" };
  if (end.signal !== null) return { began, how: "was killed" };
  if (end.status !== 0) return { began, how: `ended with status ${end.status ?? "none"}` };
  if (folder !== "destroys") return undefined;
  // The engine exits with 0 if it is asked to stop between two of its steps.
  if (typeof end.told === "string") return { began, how: `was interrupted (${end.told})` };
  return part ? { began, how: "was of a part" } : undefined;
}

/** Returns the youngest update of a stack that did not succeed; undefined if there is none. */
export function unfinishedUpdate(subject: Subject): Unfinished | undefined {
  const locked = deadLocks(subject.backend)
    .filter((lock) => sameStack(lock.stack, subject.stack))
    .map(({ began }) => ({ began, how: "was killed" }));
  const noted = unfinished("updates", subject);
  return [...(noted === undefined ? [] : [noted]), ...locked].sort((a, b) => b.began - a.began)[0];
}

/** Returns when a stack's last update began, in milliseconds since 1970, if it succeeded; undefined otherwise. */
function finishedUpdate(subject: Subject): number | undefined {
  const record = readRecord("updates", subject);
  return record?.end?.status === 0 && sameStack(record.stack, subject.stack)
    ? Date.parse(record.began)
    : undefined;
}

/**
 * Returns the last destroy of a stack if neither it nor an update since has succeeded; undefined otherwise. The state may
 * then list what is gone.
 */
export function unfinishedDestroy(subject: Subject): Unfinished | undefined {
  const destroy = unfinished("destroys", subject);
  const mended = finishedUpdate(subject);
  return destroy === undefined || (mended !== undefined && mended > destroy.began) ? undefined : destroy;
}
