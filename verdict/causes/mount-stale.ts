import { type Cause, runAgain } from "../cause";
import { byReading } from "./reading";

/** The mount reached the consumer, and its daemon is gone. */
export const mountStale: Cause = {
  code: "mount-stale",
  verdict: "FAILURE",
  recognise: byReading("mount-stale"),
  summarise: ({ driver }, { text }) =>
    `The ${driver} mount reached the consumer, then its daemon exited (${text})`,
  nextSteps: ({ namespace }) => [
    `Check why the daemon exited: kubectl --namespace ${namespace} logs fuse-producer, kubectl --namespace ${namespace} describe pod fuse-producer`,
    "Give readers a liveness probe that lists the mount, so that they are restarted when it dies",
    runAgain,
  ],
};
