import type { Cause } from "../cause";
import { byDriver } from "./driver-words";

/** The kernel or fusermount refuses the mount. */
export const mountNotPermitted: Cause = {
  code: "mount-not-permitted",
  verdict: "ERROR",
  recognise: byDriver("mount-not-permitted"),
  summarise: ({ driver, node }, { text }) => `${driver} is not allowed to mount on ${node} (${text})`,
  nextSteps: ({ namespace, node }) => [
    `The producer must be privileged and root, or CAP_SYS_ADMIN is missing: kubectl --namespace ${namespace} get pod fuse-producer --output yaml`,
    `On ${node}, search for a refusal by AppArmor or SELinux: dmesg | grep -i -e apparmor -e avc`,
    "A seccomp profile may forbid mount(2) as well: seccompProfile.type must be Unconfined for the producer",
  ],
};
