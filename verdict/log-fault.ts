import type { Role } from "../manifests/common";
import type { Observation, PodObservation } from "./observation";
import { all, type EventName, only, type PodReport } from "../protocol/pod-log";

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

/** Events that must precede an event. The order of the events that are not listed proves nothing. */
const earlier = new Map<EventName, readonly EventName[]>([
  ["mounted", ["started", "prepared"]],
  ["driver-exited", ["mounted"]],
  ["seen", ["started"]],
  ["read", ["seen"]],
  ["examined", ["read"]],
  ["not-seen", ["started"]],
  ["searched", ["not-seen"]],
  ["gave-up", ["started"]],
]);

/** Stages at which a program can fail only after it has seen the mount. */
const readingStages = new Set(["read", "gone", "hung"]);

/** Events by which a report is complete. */
const ends: Readonly<Record<Role, readonly EventName[]>> = {
  producer: ["failed", "driver-exited", "stopped"],
  consumer: ["examined", "failed", "not-seen", "gave-up"],
  control: ["searched", "examined", "failed", "gave-up"],
};

/** Exit statuses of a program that has reported everything. */
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

/** Returns true for a line of a program; the producer's log holds the driver's lines too. */
const isProgramLine = (text: string): boolean => text.startsWith('{"run":');

/**
 * Warnings of glibc's loader (elf/rtld.c, do_preload) and of bash (locale.c, set_locale_var) about an image's variables.
 * They are printed before a program can unset the variables, and change nothing.
 */
const harmless =
  /^(?:ERROR|WARNING): ld\.so: object '.*' .*\bignored\.$|^\S+: (?:line \d+: )?warning: setlocale: /;

function findStrange(role: Role, { report, logEnded }: PodObservation): string | undefined {
  const foreign = (text: string): boolean => isProgramLine(text) || (logEnded && role !== "producer");
  const line = report.strangeLines.find((text) => foreign(text) && !harmless.test(text));
  return line === undefined
    ? undefined
    : `it has a line that the ${role}'s program does not print: ${JSON.stringify(line.slice(0, 80))}`;
}

/** Finds a line that is missing although a later one is present: a log keeps the order in which lines were printed. */
function findGap(role: Role, report: PodReport): string | undefined {
  const names = new Set(report.events.map(({ event }) => event));
  const [failed] = all(report, "failed");
  if (role !== "producer" && failed !== undefined && readingStages.has(failed.stage)) names.add("read");
  for (const name of names) {
    // A control that examines the mount has failed by then.
    if (role === "control" && name === "examined") continue;
    const gap = earlier.get(name)?.find((before) => !names.has(before));
    if (gap !== undefined) return `its line ${JSON.stringify(gap)} is missing, although a later one is there`;
  }
  const announced: readonly (readonly [number | undefined, EventName])[] = [
    [only(report, "prepared")?.entries, "wrote"],
    [only(report, "mounted")?.cannot, "cannot"],
    [only(report, "examined")?.entries, "entry"],
    [only(report, "searched")?.found, "underneath"],
  ];
  for (const [count, name] of announced) {
    const there = all(report, name).length;
    if (count !== undefined && count !== there)
      return `it announces ${count} lines ${JSON.stringify(name)}, and ${there} are there`;
  }
  return undefined;
}

/** Returns true for a pod that was stopped before it could print everything. */
function wasStopped({ facts }: PodObservation): boolean {
  if (facts?.deleted === true) return true;
  return facts?.container.state === "terminated" && !orderly.has(facts.container.exitCode);
}

/** Finds that the producer's log lacks the mount although a consumer or control has seen it or its signal. */
function findUnreportedMount({ producer, consumer, control }: Observation["pods"]): string | undefined {
  const { report } = producer;
  if (wasStopped(producer) || report.events.length === 0) return undefined;
  if (report.events.some(({ event }) => event === "mounted" || event === "failed")) return undefined;
  const awaited = [consumer, control].some(({ report }) =>
    (["examined", "not-seen"] as const).some((name) => all(report, name).length > 0),
  );
  return awaited ? 'its line "mounted" is missing, although other pods waited for it' : undefined;
}

function findMissing(role: Role, pod: PodObservation): string | undefined {
  if (wasStopped(pod)) return undefined;
  const { report, facts } = pod;
  const has = (name: EventName): boolean => all(report, name).length > 0;
  const { exitCode } = facts?.container ?? {};
  const missing = (what: string): string =>
    `${what} is missing, although the program exited with status ${exitCode ?? "unknown"}`;
  // A program that lacks a tool reports that before anything else.
  if (!has("started") && !has("failed")) return missing("its first line");
  const concluded = role !== "consumer" || report.conclusion !== undefined;
  return ends[role].some(has) && concluded ? undefined : missing("its last line");
}

/**
 * Describes why a pod's log, by itself, cannot be complete; undefined if it can be. Gaps between lines count
 * in every log, a missing last line only in one that was read completely.
 */
export function ownFault(role: Role, pod: PodObservation): string | undefined {
  return (
    findTwice(pod.report) ??
    findStrange(role, pod) ??
    findGap(role, pod.report) ??
    (pod.logEnded ? findMissing(role, pod) : undefined)
  );
}

/** Describes why a pod's log cannot be complete, also by comparison with the other pods' logs. */
export function logFault(role: Role, pods: Observation["pods"]): string | undefined {
  return ownFault(role, pods[role]) ?? (role === "producer" ? findUnreportedMount(pods) : undefined);
}

/**
 * Returns true for a log of which nothing is missing: read completely after the container has terminated, and
 * without a fault.
 */
export function isWhole(role: Role, { pods }: Observation): boolean {
  return pods[role].logEnded && logFault(role, pods) === undefined;
}
