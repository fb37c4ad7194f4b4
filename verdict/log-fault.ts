import type { Role } from "../manifests/common";
import type { Observation, PodObservation } from "./observation";
import { all, type EventName, type PodReport } from "./pod-log";

/** Events that a program may print more than once. */
const repeated = new Set<EventName>([
  "mountinfo",
  "leftover",
  "wrote",
  "cannot",
  "entry",
  "underneath",
  "unclean",
]);

/** Events by any of which a report says how it came to its end. */
const ends: Readonly<Record<Role, readonly EventName[]>> = {
  producer: ["mounted", "failed", "driver-exited", "stopped"],
  consumer: ["examined", "failed", "not-seen", "gave-up"],
  control: ["searched", "examined", "failed", "gave-up"],
};

/** Exit statuses with which a program ends that has said all it has to say. */
const orderly = new Set<number | undefined>([0, 1]);

function findTwice({ events }: PodReport): string | undefined {
  const seen = new Set<string>();
  for (const event of events) {
    if (repeated.has(event.event) && !("path" in event)) continue;
    const name = "path" in event ? `${event.event} ${event.path}` : event.event;
    if (seen.has(name)) return `its line ${JSON.stringify(name)} is there twice`;
    seen.add(name);
  }
  return undefined;
}

function findStrange(role: Role, { strangeLines }: PodReport): string | undefined {
  // What the driver prints goes to the producer's log, too.
  const line = strangeLines.find((text) => role !== "producer" || text.startsWith('{"run":'));
  return line === undefined
    ? undefined
    : `it has a line that the ${role}'s program does not print: ${JSON.stringify(line.slice(0, 80))}`;
}

function findMissing(role: Role, { report, facts }: PodObservation): string | undefined {
  const has = (name: EventName): boolean => all(report, name).length > 0;
  const { exitCode } = facts?.container ?? {};
  const missing = (what: string): string =>
    `${what} is missing, although the program ended with exit status ${exitCode ?? "unknown"}`;
  const [searched] = all(report, "searched");
  if (searched !== undefined && searched.found > all(report, "underneath").length)
    return missing(`a line of the ${searched.found} on what is underneath`);
  // Who was ended in the middle has not said all.
  if (!orderly.has(exitCode) || facts?.deleted === true) return undefined;
  // A program that lacks what it uses says so before anything else.
  if (!has("started") && !has("failed")) return missing("its first line");
  if (!ends[role].some(has) || (role === "consumer" && report.conclusion === undefined))
    return missing("its end");
  if (role !== "consumer") return undefined;
  const between = (["seen", "read"] as const).find((name) => has("examined") && !has(name));
  return between === undefined ? undefined : missing(`its line ${JSON.stringify(between)}`);
}

/**
 * Says in which way a pod's log cannot be the whole of what its program prints; undefined for one that can. Lines that
 * a program prints once are looked at in every log, and missing ones when it was read to its end.
 */
export function logFault(role: Role, pod: PodObservation): string | undefined {
  const twice = findTwice(pod.report);
  if (twice !== undefined || !pod.logEnded) return twice;
  return findStrange(role, pod.report) ?? findMissing(role, pod);
}

/** True for a log of which nothing is missing: read to the container's end, and without a fault. */
export function isWhole(role: Role, { pods }: Observation): boolean {
  return pods[role].logEnded && logFault(role, pods[role]) === undefined;
}
