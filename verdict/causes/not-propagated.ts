import type { Cause } from "../cause";
import { only } from "../pod-log";

/** The producer has the mount, and it never reaches the consumer. */
export const notPropagated: Cause = {
  code: "not-propagated",
  verdict: "FAILURE",
  recognise: ({ pods }) => {
    if (only(pods.producer.report, "mounted") === undefined) return undefined;
    const { report } = pods.consumer;
    const missing = only(report, "not-seen") ?? only(report, "gave-up");
    if (missing === undefined || (missing.event === "gave-up" && missing.mountVisible)) return undefined;
    if (!missing.sentinelVisible) return undefined;
    return {
      about: "consumer",
      text: `not in its mountinfo after ${missing.polls} looks; it sees the directory underneath`,
      time: missing.time,
    };
  },
  summarise: ({ node, driver }) =>
    `The ${driver} mount is readable in the producer, but does not reach another pod on ${node}`,
  nextSteps: ({ node, hostPath }) => [
    "Record the result, and keep SMB/CIFS for now",
    "Keep the LD_PRELOAD workaround maintained where you use it",
    `On ${node}, look how the mounts propagate: findmnt -o TARGET,PROPAGATION --target ${hostPath}`,
    "Check the consumer's volumeMounts: mountPropagation must be HostToContainer",
    "Take it to the driver's upstream (go-fuse), with the report of this run",
  ],
};
