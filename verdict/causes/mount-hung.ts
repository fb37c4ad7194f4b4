import { type Cause, runAgain } from "../cause";
import { byReading } from "./reading";

/** The daemon lives and does not answer. */
export const mountHung: Cause = {
  code: "mount-hung",
  verdict: "FAILURE",
  recognise: byReading("mount-hung"),
  summarise: ({ driver }, { text }) =>
    `The ${driver} mount reached the consumer, but does not answer (${text})`,
  nextSteps: ({ node, namespace }) => [
    `On ${node}, look which connection waits: grep . /sys/fs/fuse/connections/*/waiting`,
    "Free whoever hangs in it: echo 1 > /sys/fs/fuse/connections/N/abort",
    `Read the driver's log: kubectl --namespace ${namespace} logs fuse-producer. A storage that does not answer looks like this too`,
    runAgain,
  ],
};
