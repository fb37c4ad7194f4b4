import { type Role, ROLES } from "../manifests/common";
import { isWhole, logFault } from "./log-fault";
import { hasStarted, logChannel, type Observation } from "./observation";
import { apiReasons, type Message } from "../kube/message";

/**
 * Time for which a channel may fail before the run is given up, in milliseconds: a restart of the API server
 * takes less.
 */
export const OUTAGE_MILLISECONDS = 10_000;

/** Returns the role whose log a channel reads; undefined for the other channels. */
export function logRole(name: string): Role | undefined {
  return ROLES.find((role) => logChannel(role) === name);
}

const named = new Set<string>(["pods", "events", "node", "programs", ...ROLES.map(logChannel)]);

/** Returns true for a message about a channel that fails, rather than about a single call. */
export function isOfChannel({ about, since }: Message): boolean {
  return since !== undefined && named.has(about);
}

/** Returns true if the API server has answered anything since a time, milliseconds since 1970. */
export function hasAnsweredSince({ channels }: Observation, time: number): boolean {
  return Object.entries(channels).some(
    ([name, channel]) => logRole(name) === undefined && channel.state === "read" && channel.at > time,
  );
}

/** HTTP statuses by which a gateway reports that the API server cannot be reached. */
const gateway = new Set(["502", "503", "504"]);

const reachable: ReadonlySet<string> = new Set([
  apiReasons.credentials,
  apiReasons.lateAdmission,
  apiReasons.refused,
]);

/**
 * Returns true if no API server has answered: no connection, a gateway's status, an answer that is not
 * Kubernetes', or, if it lasts, a server that has an error or is overloaded (RFC 9110, 5xx; RFC 6585, 429).
 */
export function isSilence({ source, about, reason, since }: Message): boolean {
  if (source !== "api") return false;
  // Here a status is the API server's report about a kubelet.
  if (logRole(about) !== undefined && /^\d+$/.test(reason)) return false;
  if (!/^\d+$/.test(reason)) return !reachable.has(reason);
  return gateway.has(reason) || (since !== undefined && /^(?:5\d\d|429)$/.test(reason));
}

/**
 * Time for which a producer must be seen running after the others have terminated, in milliseconds. A driver
 * that has exited is reported by the producer's log and then by its pod's status, which can be late; in the
 * meantime the others' findings look like a failure of the mount.
 */
const SURVIVAL_MILLISECONDS = 5000;

/** Returns when a running producer has outlived the others, milliseconds since 1970. */
export function outlivedSince({ pods }: Observation): number {
  return SURVIVAL_MILLISECONDS + Math.max(pods.consumer.since ?? 0, pods.control.since ?? 0);
}

/** Returns true if the producer's pod and log show that it ran on after the others had terminated. */
function hasOutlived(observation: Observation): boolean {
  const { pods, channels } = observation;
  if (pods.producer.facts?.container.state !== "running" || logFault("producer", pods) !== undefined)
    return false;
  return [channels.pods, channels[logChannel("producer")]].every(
    (channel) => channel?.state === "read" && channel.at >= outlivedSince(observation),
  );
}

/** Returns true for a log that was read up to the end of its pod's part in the test. */
function isRead(observation: Observation, role: Role): boolean {
  const { pods, channels } = observation;
  if (channels[logChannel(role)]?.state === "failing") return false;
  if (isWhole(role, observation)) return true;
  return role === "producer" && !pods.producer.logEnded && hasOutlived(observation);
}

/**
 * Returns the role whose log was not read as far as the test went, although the others were; undefined if
 * there is none.
 */
export function findLagging(observation: Observation): Role | undefined {
  // A pod whose program has not started has no log.
  const lagging = ROLES.filter((role) => hasStarted(observation.pods[role]) && !isRead(observation, role));
  const over = (["consumer", "control"] as const).every(
    (role) => observation.pods[role].facts?.container.state === "terminated",
  );
  return over ? lagging[0] : undefined;
}

/** Returns true if all logs are read, so that anything they do not contain was not reported. */
export function areLogsRead(observation: Observation): boolean {
  return ROLES.every((role) => isRead(observation, role));
}
