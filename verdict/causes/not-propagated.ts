import { explainNoPropagation } from "../bridge";
import type { Cause } from "../cause";
import { only } from "../../protocol/pod-log";

/** The producer has the mount, and it never reaches the consumer. */
export const notPropagated: Cause = {
  code: "not-propagated",
  verdict: "FAILURE",
  recognise: (observation) => {
    const { pods } = observation;
    if (only(pods.producer.report, "mounted") === undefined) return undefined;
    const { report } = pods.consumer;
    const missing = only(report, "not-seen") ?? only(report, "gave-up");
    if (missing === undefined || (missing.event === "gave-up" && missing.mountVisible)) return undefined;
    if (!missing.sentinelVisible) return undefined;
    const why = explainNoPropagation(observation);
    const seen = `not in its mountinfo after ${missing.polls} polls; it sees the directory underneath`;
    return {
      about: "consumer",
      text: why === undefined ? seen : `${why}; ${seen}`,
      time: missing.time,
    };
  },
  summarise: ({ node, driver }, { text }) =>
    `The ${driver} mount is readable in the producer, but does not reach another pod on ${node} (${text})`,
  nextSteps: ({ node, hostPath, namespace }, { text }) => [
    ...(text.includes("the producer's own bridge is a slave")
      ? [
          `Run the pods in the node's user namespace, without hostUsers: false, under a runtime that is not rootless: kubectl --namespace ${namespace} get pod fuse-producer --output jsonpath={.spec.hostUsers}`,
        ]
      : []),
    "Record the result, and keep SMB/CIFS for now",
    "Keep the LD_PRELOAD workaround maintained where you use it",
    `On ${node}, check how the mounts propagate: findmnt -o TARGET,PROPAGATION --target ${hostPath}`,
    "Check the consumer's volumeMounts: mountPropagation must be HostToContainer",
    "Report it to the driver's upstream (go-fuse), with the report of this run",
  ],
};
