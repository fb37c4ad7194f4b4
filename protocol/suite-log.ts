import { z } from "zod";
import { parsePodLine } from "./pod-line";

const text = z.string().max(20_000);
/** Seconds by the pods' clock. */
const seconds = z.number();
const count = z.number().int().nonnegative();
const scenario = z.enum(["first", "kill", "hang", "restart", "delete", "evict", "remount"]);

/** Schemas of the notes that pods/examination-*.sh write. */
const notes = {
  started: z.object({
    clock: z.enum(["realtime", "uptime"]),
    driver: text,
    bridge: text,
    ticksPerSecond: z.number().positive(),
  }),
  phase: z.object({ name: z.enum(["matrix", "recovery", "speed", "disappearance"]) }),
  "matrix-mounted": z.object({ mount: z.enum(["allowed", "owner-only"]), nonceSha256: text }),
  reverse: z.object({ cell: text, mounts: count }),
  mounted: z.object({ scenario, generation: count, disrupted: seconds, mounts: count, nonceSha256: text }),
  hung: z.object({ generation: count }),
  "hang-killed": z.object({ generation: count, killed: seconds }),
  stopping: z.object({ scenario }),
  stopped: z.object({ scenario }),
  resumed: z.object({ scenario, mounts: count }),
  speed: z.object({
    where: z.enum(["producer-plain", "producer-fuse", "consumer-plain", "consumer-fuse"]),
    operation: z.enum(["sequential", "random", "stat", "readdir"]),
    started: seconds,
  }),
  daemon: z.object({ ticks: count, peakKib: count, residentKib: count }),
  disappeared: z.object({ mounts: count, sentinel: z.boolean() }),
  failed: z.object({ stage: text, message: text }),
  waiting: z.object({ for: text }),
  looking: z.object({ mounts: count, uid: count, capEff: text, bridge: text }),
  look: z.object({
    started: z.enum(["before", "after"]),
    mount: z.enum(["allowed", "owner-only"]),
    mounts: count,
    result: z.enum(["read", "failed", "hung"]),
    text,
    sentinel: z.boolean(),
  }),
  "mount-back": z.object({ result: z.enum(["mounted", "refused"]), text }),
  read: z.object({ generation: count, nonce: text }),
  lost: z.object({ generation: count, previous: seconds, text, openFile: text }),
  error: z.object({ text }),
  mounts: z.object({ mounts: count, previous: seconds }),
  "hang-probe": z.object({ result: z.enum(["read", "failed", "hung"]), text }),
  "hang-answer": z.object({ text }),
  "reader-end": z.object({ mounts: count, sentinel: z.boolean() }),
  "started-after-end": z.object({ mounts: count }),
} as const;

type Notes = typeof notes;
/** A note of one name, with the time at which it was true, in seconds by the pods' clock. */
export type NoteOf<Name extends keyof Notes> = { readonly event: Name; readonly at: number } & z.infer<
  Notes[Name]
>;
/** A note of a program of the examination. */
export type Note = { [Name in keyof Notes]: NoteOf<Name> }[keyof Notes];

/** The notes of one container. */
export interface Journal {
  /** True if all of it was read: nothing is concluded from a journal that lacks a line. */
  readonly complete: boolean;
  /** Why it is not complete; empty when it is. */
  readonly fault: string;
  /** None while the journal is not complete. */
  readonly notes: readonly Note[];
}

/** More notes than any suite makes. */
const MOST_NOTES = 5000;

function isNoteName(name: string): name is keyof Notes {
  return Object.hasOwn(notes, name);
}

function parseNote(event: string, value: unknown): Note | undefined {
  if (!isNoteName(event)) return undefined;
  const schema: z.ZodType = notes[event];
  const at = z.object({ at: seconds }).safeParse(value);
  const fields = schema.safeParse(value);
  if (!at.success || !fields.success) return undefined;
  return { ...(fields.data as object), event, at: at.data.at } as Note;
}

const end = z.object({ lines: count });

function incomplete(fault: string): Journal {
  return { complete: false, fault, notes: [] };
}

/** Parses the notes of a journal whose first and last line were found. */
function readNotes(
  lines: readonly string[],
  announced: number | undefined,
  origin: { run: string; role: string },
): Journal {
  if (lines.length > MOST_NOTES) return incomplete(`it has ${lines.length} lines`);
  const found: Note[] = [];
  for (const line of lines) {
    const parsed = parsePodLine(line, origin);
    const note = parsed && parseNote(parsed.event, parsed.value);
    if (note === undefined)
      return incomplete(`it has a line that no program prints: ${JSON.stringify(line.slice(0, 80))}`);
    found.push(note);
  }
  if (found.length !== announced)
    return incomplete(`it announces ${announced ?? "no number of"} lines, and ${found.length} are there`);
  return { complete: true, fault: "", notes: found };
}

/** Parses the journal in a container's log: the lines between its first and its last line. */
export function parseJournal(lines: readonly string[], origin: { run: string; role: string }): Journal {
  const events = lines.map((line) => parsePodLine(line, origin));
  const last = events.findIndex((parsed) => parsed?.event === "journal-end");
  const first = events.slice(0, last).findLastIndex((parsed) => parsed?.event === "journal-begin");
  if (last < 0 || first < 0) return incomplete("its first or its last line is missing");
  const { data } = end.safeParse(events[last]?.value);
  return readNotes(lines.slice(first + 1, last), data?.lines, origin);
}

/** Returns all notes with one name, in order. */
export function notesOf<Name extends keyof Notes>(journal: Journal | undefined, name: Name): NoteOf<Name>[] {
  return (journal?.notes ?? []).filter(({ event }) => event === name) as unknown as NoteOf<Name>[];
}

/**
 * Current state of the producer, which the journal does not contain: its step, and the action it waits for.
 */
export interface Progress {
  readonly step: string | undefined;
  readonly awaits: "delete" | "evict" | undefined;
  readonly finished: boolean;
}

/** Parses the progress from the producer's log so far. */
export function parseProgress(lines: readonly string[], run: string): Progress {
  let step: string | undefined;
  let awaits: Progress["awaits"];
  let finished = false;
  const schema = z.object({ name: text.optional(), scenario: text.optional() });
  for (const line of lines) {
    const parsed = parsePodLine(line, { run, role: "examination-producer" });
    if (parsed === undefined) continue;
    const fields = schema.safeParse(parsed.value).data;
    if (parsed.event === "step") step = fields?.name;
    if (parsed.event === "await" && (fields?.scenario === "delete" || fields?.scenario === "evict"))
      awaits = fields.scenario;
    if (parsed.event === "journal-end") finished = true;
  }
  return { step, awaits, finished };
}
