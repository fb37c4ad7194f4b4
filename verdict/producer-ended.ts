import type { Observation } from "./observation";

/**
 * Whether the producer says that it has ended, or is about to. It then takes the sentinel away with its other files,
 * so that who looks at this moment may not find it: its absence says nothing about where that one looks.
 */
export function producerEnded({ pods }: Observation): boolean {
  return pods.producer.report.events.some(
    ({ event }) => event === "driver-exited" || event === "failed" || event === "stopped",
  );
}
