import type { Observation } from "./observation";
import type { EventName } from "../protocol/pod-log";

/** Largest difference between the times of two pods' lines about the same moment, in milliseconds. */
const SAME_MOMENT_MILLISECONDS = 1000;

/** Events after which a producer has removed its mount, and the sentinel with its other files. */
const ends = new Set<EventName>(["driver-exited", "failed", "stopped"]);

/**
 * Returns true if the producer had terminated, or may have, when another pod read: an observation that is
 * missing then proves nothing about propagation or the pod's path.
 * @param time when that pod read, milliseconds since 1970.
 */
export function producerEndedBefore(time: number, { pods }: Observation): boolean {
  const { facts, report } = pods.producer;
  const end = report.events.find(({ event }) => ends.has(event));
  // A deleted pod may not have printed when it stopped, or its log could not be read.
  return end === undefined ? facts?.deleted === true : end.time <= time + SAME_MOMENT_MILLISECONDS;
}
