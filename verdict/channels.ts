import type { Role } from "../manifests/common";
import { isWhole, logFault } from "./log-fault";
import { hasStarted, logChannel, type Observation } from "./observation";
import { apiReasons, type Message } from "../kube/message";

/** How long a channel may fail before the run is given up, in milliseconds: a restart of the API server takes less. */
export const OUTAGE_MILLISECONDS = 10_000;

const roles = ["producer", "consumer", "control"] as const;

/** The role whose log a channel reads; undefined for the other channels. */
export function logRole(name: string): Role | undefined {
  return roles.find((role) => logChannel(role) === name);
}

const named = new Set<string>(["pods", "events", "node", "programs", ...roles.map(logChannel)]);

/** True for what is said of a channel that fails, and not of a single call. */
export function isOfChannel({ about, since }: Message): boolean {
  return since !== undefined && named.has(about);
}

/** Whether the API server has answered anything since a time, milliseconds since 1970. */
export function hasAnsweredSince({ channels }: Observation, time: number): boolean {
  return Object.entries(channels).some(
    ([name, channel]) => logRole(name) === undefined && channel.state === "read" && channel.at > time,
  );
}

/** HTTP statuses by which something before the API server says that it cannot be reached. */
const gateway = new Set(["502", "503", "504"]);

const reachable: ReadonlySet<string> = new Set([apiReasons.credentials, apiReasons.lateAdmission]);

/**
 * True when nothing that is an API server has answered: no connection, a gateway's status, an answer in no form of
 * Kubernetes, or, once it lasts, a server that has an error or no time (RFC 9110, 5xx; RFC 6585, 429).
 */
export function isSilence({ source, about, reason, since }: Message): boolean {
  if (source !== "api") return false;
  // Here a status is what the API server says of a kubelet.
  if (logRole(about) !== undefined && /^\d+$/.test(reason)) return false;
  if (!/^\d+$/.test(reason)) return !reachable.has(reason);
  return gateway.has(reason) || (since !== undefined && /^(?:5\d\d|429)$/.test(reason));
}

/**
 * How long a producer must be seen to go on after the others have ended, in milliseconds. A driver that has died is
 * reported by the producer's log and then by its pod's status, which can be late; in the meantime what the others have
 * found looks like the mount's own failure.
 */
export const SURVIVAL_MILLISECONDS = 5000;

/** Returns from when on a producer that goes on has outlived the others, milliseconds since 1970. */
export function outlivedFrom({ pods }: Observation): number {
  return SURVIVAL_MILLISECONDS + Math.max(pods.consumer.since ?? 0, pods.control.since ?? 0);
}

/** Returns true when the producer's pod and log show that it went on after the others had ended. */
function hasOutlived(observation: Observation): boolean {
  const { pods, channels } = observation;
  if (pods.producer.facts?.container.state !== "running" || logFault("producer", pods) !== undefined)
    return false;
  return [channels.pods, channels[logChannel("producer")]].every(
    (channel) => channel?.state === "read" && channel.at >= outlivedFrom(observation),
  );
}

/** True for a log that was read as far as its pod's part in the test goes. */
function isRead(observation: Observation, role: Role): boolean {
  const { pods, channels } = observation;
  if (channels[logChannel(role)]?.state === "failing") return false;
  if (isWhole(role, observation)) return true;
  return role === "producer" && !pods.producer.logEnded && hasOutlived(observation);
}

/** The log that is not read as far as the test went, although the others are; undefined where none stands alone. */
export function findLagging(observation: Observation): Role | undefined {
  // A pod whose program has not started has no log.
  const lagging = roles.filter((role) => hasStarted(observation.pods[role]) && !isRead(observation, role));
  const over = (["consumer", "control"] as const).every(
    (role) => observation.pods[role].facts?.container.state === "terminated",
  );
  return over ? lagging[0] : undefined;
}

/** True when all logs are read, so that what they do not say was not said. */
export function areLogsRead(observation: Observation): boolean {
  return roles.every((role) => isRead(observation, role));
}
