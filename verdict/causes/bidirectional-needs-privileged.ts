import { byText, type Cause } from "../cause";

/** The producer is not privileged, and only privileged containers may propagate mounts to the node. */
export const bidirectionalNeedsPrivileged: Cause = {
  code: "bidirectional-needs-privileged",
  verdict: "ERROR",
  recognise: byText("api", /Bidirectional mount propagation is available only to privileged containers/),
  summarise: () =>
    "The producer is not privileged, but Kubernetes gives Bidirectional mount propagation to privileged containers only",
  nextSteps: ({ namespace }) => [
    `Set securityContext.privileged: true on the container with the mount: kubectl --namespace ${namespace} get pod fuse-producer --output yaml`,
    "If an admission webhook or policy removes it, find out which: kubectl get mutatingwebhookconfigurations,mutatingadmissionpolicies",
  ],
};
