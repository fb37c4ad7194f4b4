// Records how the last update that this launcher started ended. An update that is killed before its program runs leaves
// the outputs of the previous one, and nothing in the state shows that.
import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFolder } from "../create-folder.cjs";
import type { End } from "./exec";
import { stateHome } from "../paths";
import { deadLocks } from "./locks";
import { beganAt, isDead } from "./processes";

/** The commands that are recorded. */
const UPDATES: ReadonlySet<string> = new Set(["up", "update"]);

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
  /** Its result, as the predicate of a sentence. */
  readonly how: string;
}

interface CommandRecord {
  readonly began: string;
  readonly pid: number;
  /** When the process began: distinguishes it from a later one with its number. */
  readonly process: string;
  readonly stack: string | null;
  /** Its result; absent while it runs, and if it was killed. */
  readonly end?: End;
}

/** Options with which a command does nothing. */
const DOES_NOTHING = /^(?:--help|-h|--preview-only)(?:=true)?$/;

function recordFile({ backend, env }: Subject): string {
  const key = createHash("sha256")
    .update(backend?.split("?")[0] ?? "")
    .digest("hex")
    .slice(0, 16);
  return join(stateHome(env), "updates", `${key}.json`);
}

/** Writes a record if that is possible: a command does not fail because it cannot be noted. */
function write(file: string, record: CommandRecord): void {
  const part = `${file}.${process.pid}`;
  try {
    createFolder(dirname(file), 0o700);
    writeFileSync(part, JSON.stringify(record), { mode: 0o600 });
    renameSync(part, file);
  } catch {
    rmSync(part, { force: true });
  }
}

/**
 * Records that an update begins, if the command is one.
 * @returns the function that records how it ended.
 */
export function noteUpdate(
  command: Subject & { readonly verb: string | undefined; readonly args: readonly string[] },
): (end: End) => void {
  const { verb, args, stack } = command;
  if (!UPDATES.has(verb ?? "") || args.some((arg) => DOES_NOTHING.test(arg))) return () => undefined;
  const file = recordFile(command);
  const { pid } = process;
  const began = new Date().toISOString();
  const record = { began, pid, process: beganAt(pid), stack: stack ?? null };
  write(file, record);
  return (end) => {
    write(file, { ...record, end });
  };
}

function readRecord(subject: Subject): CommandRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(subject), "utf8")) as CommandRecord;
  } catch {
    return undefined;
  }
}

/** Returns true if two commands mean one stack, as far as they name it. */
function sameStack(one: string | null | undefined, other: string | undefined): boolean {
  return one === undefined || one === null || other === undefined || one === other;
}

/** Returns how the last recorded update of a stack failed; undefined if it did not. */
function unfinished(subject: Subject): Unfinished | undefined {
  const record = readRecord(subject);
  if (record === undefined || !sameStack(record.stack, subject.stack)) return undefined;
  const { pid, end } = record;
  const began = Date.parse(record.began);
  if (end === undefined && !isDead(pid) && beganAt(pid) === record.process) return { began, how: "runs" };
  if (end?.signal !== null) return { began, how: "was killed" };
  return end.status === 0 ? undefined : { began, how: `ended with status ${end.status ?? "none"}` };
}

/** Returns the youngest update of a stack that did not succeed; undefined if there is none. */
export function unfinishedUpdate(subject: Subject): Unfinished | undefined {
  const locked = deadLocks(subject.backend)
    .filter((lock) => sameStack(lock.stack, subject.stack))
    .map(({ began }) => ({ began, how: "was killed" }));
  const noted = unfinished(subject);
  return [...(noted === undefined ? [] : [noted]), ...locked].sort((a, b) => b.began - a.began)[0];
}
