import type { Observation } from "./observation";

/** How far the times of two pods' lines may be apart although both tell of one moment, in milliseconds. */
const SAME_MOMENT_MILLISECONDS = 1000;

/**
 * Whether the producer had come to a bad end when somebody looked. It then takes the sentinel away with its other files:
 * that it is missing says nothing about where that one looks.
 * @param time when that was, milliseconds since 1970.
 */
export function producerEndedBefore(time: number, { pods }: Observation): boolean {
  return pods.producer.report.events.some(
    (said) =>
      (said.event === "driver-exited" || said.event === "failed") &&
      said.time <= time + SAME_MOMENT_MILLISECONDS,
  );
}
