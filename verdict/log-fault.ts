import type { Role } from "../manifests/common";
import type { Observation, PodObservation } from "./observation";
import { all, type EventName, only, type PodReport } from "./pod-log";

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

/** Lines that a program prints before others; one that is not among these decides nothing. */
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

/** Stages of a failure that comes after the mount was seen. */
const readingStages = new Set(["read", "gone", "hung"]);

/** Events by any of which a report says how it came to its end. */
const ends: Readonly<Record<Role, readonly EventName[]>> = {
  producer: ["failed", "driver-exited", "stopped"],
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

/** The lines of a program: what the driver prints goes to the producer's log, too. */
const ofProgram = (text: string): boolean => text.startsWith('{"run":');

/**
 * What glibc's loader (elf/rtld.c, do_preload and its kin) and bash (locale.c, set_locale_var) say of an image's
 * variables before a program can do anything about them, and go on.
 */
const harmless =
  /^(?:ERROR|WARNING): ld\.so: object '.*' .*\bignored\.$|^\S+: (?:line \d+: )?warning: setlocale: /;

function findStrange(role: Role, { report, logEnded }: PodObservation): string | undefined {
  const foreign = (text: string): boolean => ofProgram(text) || (logEnded && role !== "producer");
  const line = report.strangeLines.find((text) => foreign(text) && !harmless.test(text));
  return line === undefined
    ? undefined
    : `it has a line that the ${role}'s program does not print: ${JSON.stringify(line.slice(0, 80))}`;
}

/** Finds a line that is missing between others that are there: a log has them in the order in which they were printed. */
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

/** True for a pod that was ended in the middle: it has not said all. */
function wasEnded({ facts }: PodObservation): boolean {
  if (facts?.deleted === true) return true;
  return facts?.container.state === "terminated" && !orderly.has(facts.container.exitCode);
}

/** Finds that the producer says nothing of the mount which a consumer or control has found or given up for. */
function findUntold({ producer, consumer, control }: Observation["pods"]): string | undefined {
  const { report } = producer;
  if (wasEnded(producer) || report.events.length === 0) return undefined;
  if (report.events.some(({ event }) => event === "mounted" || event === "failed")) return undefined;
  const told = [consumer, control].some(({ report }) =>
    (["examined", "not-seen"] as const).some((name) => all(report, name).length > 0),
  );
  return told ? 'its line "mounted" is missing, although other pods waited for it' : undefined;
}

function findMissing(role: Role, pod: PodObservation): string | undefined {
  if (wasEnded(pod)) return undefined;
  const { report, facts } = pod;
  const has = (name: EventName): boolean => all(report, name).length > 0;
  const { exitCode } = facts?.container ?? {};
  const missing = (what: string): string =>
    `${what} is missing, although the program ended with exit status ${exitCode ?? "unknown"}`;
  // A program that lacks what it uses says so before anything else.
  if (!has("started") && !has("failed")) return missing("its first line");
  const concluded = role !== "consumer" || report.conclusion !== undefined;
  return ends[role].some(has) && concluded ? undefined : missing("its end");
}

/**
 * Says in which way a pod's log, by itself, cannot be the whole of what its program prints; undefined for one that can.
 * Gaps between lines are looked for in every log, and a missing end when it was read to its end.
 */
export function ownFault(role: Role, pod: PodObservation): string | undefined {
  return (
    findTwice(pod.report) ??
    findStrange(role, pod) ??
    findGap(role, pod.report) ??
    (pod.logEnded ? findMissing(role, pod) : undefined)
  );
}

/** The same, of a log beside those of the other pods. */
export function logFault(role: Role, pods: Observation["pods"]): string | undefined {
  return ownFault(role, pods[role]) ?? (role === "producer" ? findUntold(pods) : undefined);
}

/** True for a log of which nothing is missing: read to the container's end, and without a fault. */
export function isWhole(role: Role, { pods }: Observation): boolean {
  return pods[role].logEnded && logFault(role, pods) === undefined;
}
