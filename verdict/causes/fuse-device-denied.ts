import { byText, type Cause } from "../cause";

/** /dev/fuse is there, and opening it is refused. */
export const fuseDeviceDenied: Cause = {
  code: "fuse-device-denied",
  verdict: "ERROR",
  recognise: byText(
    "driver",
    /open(?:ing)? \/dev\/fuse: (?:operation not permitted|permission denied)/i,
    /\/dev\/fuse: (?:operation not permitted|permission denied)/i,
  ),
  summarise: ({ node }, { text }) => `The producer on ${node} may not open /dev/fuse (${text})`,
  nextSteps: ({ namespace, node }) => [
    `Operation not permitted is the device cgroup: the producer must be privileged: kubectl --namespace ${namespace} get pod fuse-producer --output jsonpath={.spec.containers[0].securityContext}`,
    `Permission denied is the file's mode: on ${node}, ls -l /dev/fuse should show crw-rw-rw-`,
  ],
};
