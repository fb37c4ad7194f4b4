import type { Cause } from "../cause";
import { byDriver } from "./driver-words";

/** A mounter that is not root may not give others access unless /etc/fuse.conf allows it. */
export const userAllowOtherUnset: Cause = {
  code: "user-allow-other-unset",
  verdict: "ERROR",
  recognise: byDriver("user-allow-other-unset"),
  summarise: ({ driver }) =>
    `${driver} does not run as root, and /etc/fuse.conf in its image does not allow allow_other to others`,
  nextSteps: ({ image, namespace }) => [
    `Put the line user_allow_other into /etc/fuse.conf of the image ${image} (of the container, not of the node)`,
    "Or run the driver as root, which needs no such line: securityContext.runAsUser: 0",
    `Check which user it runs as: kubectl --namespace ${namespace} get pod fuse-producer --output jsonpath={.spec.containers[0].securityContext}`,
  ],
};
