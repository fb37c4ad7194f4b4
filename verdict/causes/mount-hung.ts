import { type Cause, runAgain } from "../cause";
import { byReading } from "./reading";

/** The daemon runs and does not respond. */
export const mountHung: Cause = {
  code: "mount-hung",
  verdict: "FAILURE",
  recognise: byReading("mount-hung"),
  summarise: ({ driver }, { text }) =>
    `The ${driver} mount reached the consumer, but does not respond (${text})`,
  nextSteps: ({ node, namespace }) => [
    `On ${node}, check which connection waits: grep . /sys/fs/fuse/connections/*/waiting`,
    "Release the processes that hang in it: echo 1 > /sys/fs/fuse/connections/N/abort",
    `Read the driver's log: kubectl --namespace ${namespace} logs fuse-producer. A storage that does not respond has the same symptom`,
    runAgain,
  ],
};
