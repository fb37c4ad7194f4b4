import { z } from "zod";

/** Longer lines are ignored: a pod can print anything. */
const LONGEST_LINE = 60_000;

const head = z.object({ run: z.string(), role: z.string(), event: z.string() });

/** The run and the role that a line must name to be one of the test's. */
export interface PodLineOrigin {
  readonly run: string;
  readonly role: string;
}

/** A line of a program in pods/: the name of its event, and the whole object for that event's schema. */
export interface PodLine {
  readonly event: string;
  readonly value: object;
}

/** Parses a line of a container's log. Returns undefined for every line that is not an event of that run and role. */
export function parsePodLine(line: string, { run, role }: PodLineOrigin): PodLine | undefined {
  if (line.length > LONGEST_LINE || !line.startsWith("{")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { data } = head.safeParse(value);
  if (data?.run !== run || data.role !== role) return undefined;
  return { event: data.event, value: value as object };
}
