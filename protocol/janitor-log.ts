import { z } from "zod";
import { JANITOR_RUN } from "../manifests/janitor";
import { parsePodLine } from "./pod-line";

const text = z.string().max(4096);

/** Schemas of the events of pods/janitor.sh. */
const event = z.discriminatedUnion("event", [
  z.object({ event: z.literal("unmounted"), path: text, type: text }),
  z.object({ event: z.literal("aborted"), connection: text }),
  z.object({ event: z.literal("removed"), path: text }),
  z.object({ event: z.literal("foreign"), path: text, type: text }),
  z.object({ event: z.literal("stuck"), path: text, type: text, message: text }),
  z.object({ event: z.literal("occupied"), path: text }),
  z.object({ event: z.literal("failed"), message: text }),
  z.object({
    event: z.literal("finished"),
    bridge: z.enum(["removed", "absent", "foreign", "mounted", "occupied"]),
  }),
]);

/** Something that was left on the node, and its type. */
interface Left {
  readonly path: string;
  readonly type: string;
}

/** Actions and findings of a janitor. Paths are as its pod sees them. */
export interface JanitorOutcome {
  /** State of the bridge directory; undefined if the janitor did not finish. */
  readonly bridge: "removed" | "absent" | "foreign" | "mounted" | "occupied" | undefined;
  /** Directories that were left because a producer still runs in them. */
  readonly occupied: readonly string[];
  /** Directories and files that were removed. */
  readonly removed: readonly string[];
  /** Mount points that were unmounted, one entry for each mount. */
  readonly unmounted: readonly string[];
  /** Files and mounts that do not belong to the test. */
  readonly foreign: readonly Left[];
  /** Mounts that could not be unmounted. */
  readonly stuck: readonly Left[];
}

const origin = { run: JANITOR_RUN, role: "janitor" };

/** Number of lines of a janitor's log that are read. */
const MOST_LINES = 1000;

function eventsOf(log: string): z.infer<typeof event>[] {
  return log
    .split("\n")
    .slice(0, MOST_LINES)
    .flatMap((line) => event.safeParse(parsePodLine(line, origin)?.value).data ?? []);
}

/** Returns why a janitor could not work, such as programs missing from its image; undefined if it worked. */
export function janitorFailure(log: string): string | undefined {
  return eventsOf(log).flatMap((one) => (one.event === "failed" ? [one.message] : []))[0];
}

/** Parses a janitor's log. Lines that are not a janitor's events are ignored: pods can print anything. */
export function parseJanitorLog(log: string): JanitorOutcome {
  const events = eventsOf(log);
  return {
    bridge: events.flatMap((one) => (one.event === "finished" ? [one.bridge] : [])).at(-1),
    occupied: events.flatMap((one) => (one.event === "occupied" ? [one.path] : [])),
    removed: events.flatMap((one) => (one.event === "removed" ? [one.path] : [])),
    unmounted: events.flatMap((one) => (one.event === "unmounted" ? [one.path] : [])),
    foreign: events.flatMap((one) => (one.event === "foreign" ? [{ path: one.path, type: one.type }] : [])),
    stuck: events.flatMap((one) => (one.event === "stuck" ? [{ path: one.path, type: one.type }] : [])),
  };
}
