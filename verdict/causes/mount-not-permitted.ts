import { byText, type Cause } from "../cause";

/** The mount system call is refused. */
export const mountNotPermitted: Cause = {
  code: "mount-not-permitted",
  verdict: "ERROR",
  recognise: byText(
    "driver",
    /mount failed: (?:operation not permitted|permission denied)/i,
    /\b(?:failed to mount|mounting|mount\(2?\))[^\n]*: (?:operation not permitted|permission denied)/i,
  ),
  summarise: ({ driver, node }, { text }) => `The kernel on ${node} does not let ${driver} mount (${text})`,
  nextSteps: ({ namespace, node }) => [
    `The producer must be privileged and root, or CAP_SYS_ADMIN is missing: kubectl --namespace ${namespace} get pod fuse-producer --output yaml`,
    `On ${node}, look for a refusal by AppArmor or SELinux: dmesg | grep -i -e apparmor -e avc`,
    "A seccomp profile may forbid mount(2) as well: seccompProfile.type must be Unconfined for the producer",
  ],
};
