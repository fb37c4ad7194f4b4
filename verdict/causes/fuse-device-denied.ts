import { byAny, type Cause, findMessage } from "../cause";
import type { Message } from "../../kube/message";
import { byDriver } from "./driver-words";

/** Returns true for the producer's report that opening the device is refused, rather than impossible. */
export function isDeviceRefused({ source, about, reason, text }: Message): boolean {
  const refused = /^opening \/dev\/fuse: (?:operation not permitted|permission denied)$/i;
  return source === "log" && about === "producer" && reason === "device" && refused.test(text);
}

/** /dev/fuse exists, and opening it is refused. */
export const fuseDeviceDenied: Cause = {
  code: "fuse-device-denied",
  verdict: "ERROR",
  recognise: byAny(
    (observation) => findMessage(observation, (message) => isDeviceRefused(message)),
    byDriver("fuse-device-denied"),
  ),
  summarise: ({ node }, { text }) => `The producer on ${node} may not open /dev/fuse (${text})`,
  nextSteps: ({ namespace, node }) => [
    `Operation not permitted is the device cgroup: the producer must be privileged: kubectl --namespace ${namespace} get pod fuse-producer --output jsonpath={.spec.containers[0].securityContext}`,
    `Permission denied is the file's mode: on ${node}, ls -l /dev/fuse should show crw-rw-rw-`,
  ],
};
