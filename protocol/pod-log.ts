import { z } from "zod";
import type { Role } from "../manifests/common";
import { parsePodLine } from "./pod-line";

/** A line of a container's log, with the time at which the runtime received it. */
export interface LogLine {
  /** Milliseconds since 1970 by the node's clock. */
  readonly time: number;
  readonly text: string;
}

const boundedText = z.string().max(20_000);
const entry = z.object({
  path: boundedText,
  type: z.enum(["file", "directory", "symlink"]),
  size: z.number().optional(),
  mode: boundedText.optional(),
  nlink: z.number().optional(),
  sha256: boundedText.optional(),
  target: boundedText.optional(),
});

/** Schemas of the events that pods/*.sh print. */
const events = {
  mountinfo: z.object({ lines: z.array(boundedText).max(200) }),
  started: z.object({
    uid: z.number(),
    gid: z.number().optional(),
    kernel: boundedText.optional(),
    bridge: boundedText,
    capEff: boundedText.optional(),
    capPrm: boundedText.optional(),
    capBnd: boundedText.optional(),
    noNewPrivs: boundedText.optional(),
    mountVisible: z.boolean().optional(),
  }),
  wrote: entry,
  // `entries` and `cannot` give the number of lines of that kind printed before, so that a lost line is
  // noticed.
  prepared: z.object({ entries: z.number().optional() }),
  leftover: z.object({ mountinfo: boundedText }),
  mounting: z.object({}),
  cannot: z.object({ check: boundedText, reason: boundedText }),
  mounted: z.object({
    mountinfo: boundedText,
    device: z.number(),
    owner: boundedText,
    nonceSha256: boundedText,
    cannot: z.number().optional(),
  }),
  "driver-exited": z.object({
    exit: z.number(),
    message: boundedText,
    outOfMemory: z.boolean().optional(),
  }),
  stopped: z.object({ mounted: z.boolean() }),
  unclean: z.object({ message: boundedText }),
  blocked: z.object({ message: boundedText }),
  ready: z.object({}),
  seen: z.object({ polls: z.number(), mountinfo: boundedText }),
  read: z.object({
    device: z.number(),
    owner: boundedText,
    nonce: boundedText,
    sentinelVisible: z.boolean(),
  }),
  entry,
  examined: z.object({ entries: z.number().optional() }),
  "not-seen": z.object({ polls: z.number(), sentinelVisible: z.boolean() }),
  underneath: z.object({ path: boundedText, type: boundedText, size: z.number() }),
  searched: z.object({ found: z.number() }),
  "gave-up": z.object({ polls: z.number(), mountVisible: z.boolean(), sentinelVisible: z.boolean() }),
  failed: z.object({
    stage: boundedText,
    message: boundedText,
    exit: z.number().nullish(),
    outOfMemory: z.boolean().optional(),
  }),
} as const;

type Events = typeof events;
/** Name of an event that a pod's program prints. */
export type EventName = keyof Events;
/** A file, directory or symlink as a pod saw it. */
export type Entry = z.infer<typeof entry>;

/** An event with its time and its fields. */
type PodEvent = {
  [Name in EventName]: { readonly event: Name; readonly time: number } & z.infer<Events[Name]>;
}[EventName];

/** The event with one name. */
export type EventOf<Name extends EventName> = Extract<PodEvent, { event: Name }>;

/** Content of a pod's log, as far as it can be parsed. */
export interface PodReport {
  readonly events: readonly PodEvent[];
  /** The conclusion for human readers, if it is the last line. */
  readonly conclusion: "success" | "failure" | undefined;
  /** Lines that are neither an event of this run and role nor a conclusion. */
  readonly strangeLines: readonly string[];
}

const conclusions: Readonly<Record<string, PodReport["conclusion"]>> = {
  "SUCCESS: Producer marker found": "success",
  "FAILURE: Producer marker never appeared": "failure",
};

function isEventName(name: unknown): name is EventName {
  return typeof name === "string" && Object.hasOwn(events, name);
}

function parseEvent(line: LogLine, origin: { run: string; role: Role }): PodEvent | undefined {
  const parsed = parsePodLine(line.text, origin);
  if (parsed === undefined || !isEventName(parsed.event)) return undefined;
  const fields = events[parsed.event].safeParse(parsed.value);
  return fields.success ? ({ ...fields.data, event: parsed.event, time: line.time } as PodEvent) : undefined;
}

/**
 * Parses a pod's log. Lines that are not an event of this run and role are kept separately and never trusted.
 */
export function parsePodLog(lines: readonly LogLine[], origin: { run: string; role: Role }): PodReport {
  const parsed: PodEvent[] = [];
  const strangeLines: string[] = [];
  let conclusion: PodReport["conclusion"];
  for (const line of lines) {
    const event = parseEvent(line, origin);
    conclusion = Object.hasOwn(conclusions, line.text) ? conclusions[line.text] : undefined;
    if (event !== undefined) parsed.push(event);
    else if (conclusion === undefined && line.text !== "") strangeLines.push(line.text.slice(0, 500));
  }
  return { events: parsed, conclusion, strangeLines };
}

/**
 * Returns the only event with a name; undefined if there is none or more than one, because no pod prints two.
 */
export function only<Name extends EventName>(report: PodReport, name: Name): EventOf<Name> | undefined {
  const found = all(report, name);
  return found.length === 1 ? found[0] : undefined;
}

/** Returns all events with a name. */
export function all<Name extends EventName>(report: PodReport, name: Name): EventOf<Name>[] {
  return report.events.filter((event): event is EventOf<Name> => event.event === name);
}
