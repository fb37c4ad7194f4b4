import type { Observation } from "./observation";
import type { EventName } from "../protocol/pod-log";

/** How far the times of two pods' lines may be apart although both tell of one moment, in milliseconds. */
const SAME_MOMENT_MILLISECONDS = 1000;

/** Events with which a producer removes its mount, and the sentinel with its other files. */
const ends = new Set<EventName>(["driver-exited", "failed", "stopped"]);

/**
 * Returns true if the producer had ended, or may have, when another pod looked: what that one did not find then says
 * nothing about propagation, or about where it looks.
 * @param time when that was, milliseconds since 1970.
 */
export function producerEndedBefore(time: number, { pods }: Observation): boolean {
  const { facts, report } = pods.producer;
  const end = report.events.find(({ event }) => ends.has(event));
  // A pod that was deleted may not have printed when it stopped, or nobody could read it.
  return end === undefined ? facts?.deleted === true : end.time <= time + SAME_MOMENT_MILLISECONDS;
}
