import type { Fixture } from "./fixtures";

/** What the API server says, and what is said of it: old and new wording. */
export const apiFixtures: readonly Fixture[] = [
  {
    cause: "bidirectional-needs-privileged",
    source: "api",
    reason: "422",
    text: 'Pod "fuse-producer" is invalid: spec.containers[0].volumeMounts[0].mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers',
  },
  {
    cause: "admission-denied",
    source: "api",
    reason: "403",
    text: 'pods "fuse-producer" is forbidden: violates PodSecurity "restricted:latest": privileged (container "producer" must not set securityContext.privileged=true)',
  },
  {
    cause: "admission-denied",
    source: "api",
    reason: "422",
    text: "pods \"fuse-producer\" is invalid: ValidatingAdmissionPolicy 'no-privileged' with binding 'all' denied request: privileged pods are not allowed",
  },
  {
    cause: "admission-denied",
    source: "api",
    reason: "400",
    text: 'admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/fuse-test/fuse-producer was blocked due to the following policies',
  },
  {
    cause: "admission-denied",
    source: "api",
    reason: "500",
    text: 'Internal error occurred: failed calling webhook "validation.gatekeeper.sh": failed to call webhook: Post "https://gatekeeper": connect: connection refused',
  },
  {
    cause: "admission-denied",
    source: "api",
    reason: "403",
    text: 'pods "fuse-producer" is forbidden: unable to create new content in namespace fuse-test because it is being terminated',
  },
  {
    cause: "quota-exceeded",
    source: "api",
    reason: "403",
    text: 'pods "fuse-producer" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0',
  },
  {
    cause: "quota-exceeded",
    source: "api",
    reason: "403",
    text: 'pods "fuse-producer" is forbidden: failed quota: fuse-test: must specify limits.cpu for: producer',
  },
  {
    cause: "permission-denied",
    source: "api",
    reason: "403",
    text: 'pods is forbidden: User "no user" cannot create resource "pods" in API group "" in the namespace "fuse-test"',
  },
  { cause: "permission-denied", source: "api", reason: "401", text: "Unauthorized" },
  {
    cause: "permission-denied",
    source: "api",
    reason: "401",
    text: "You must be logged in to the server (the server has asked for the client to provide credentials)",
  },
  {
    cause: "permission-denied",
    source: "api",
    reason: "credentials",
    text: "the kubeconfig's credentials could not be obtained: spawn aws-iam-authenticator ENOENT",
  },
  {
    cause: "admission-denied",
    source: "api",
    reason: "404",
    text: 'namespaces "fuse-test" not found',
  },
  {
    cause: "admission-denied",
    source: "api",
    reason: "late-admission",
    text: "creating a pod as a dry run: no answer within 1700 ms (deadline exceeded)",
  },
  {
    cause: "cluster-unreachable",
    source: "api",
    reason: "ECONNREFUSED",
    text: "request to https://198.19.226.2:6443/api/v1/nodes/w2 failed, reason: connect ECONNREFUSED 198.19.226.2:6443",
  },
  {
    cause: "cluster-unreachable",
    source: "api",
    reason: "ENOTFOUND",
    text: "request to https://cluster.invalid:6443/api failed, reason: getaddrinfo ENOTFOUND cluster.invalid",
  },
  {
    cause: "cluster-unreachable",
    source: "api",
    reason: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    text: "request to https://10.0.0.1:6443/api failed, reason: unable to verify the first certificate",
  },
  {
    cause: "cluster-unreachable",
    source: "api",
    reason: "unreachable",
    text: "reading the node: no answer within 1800 ms (deadline exceeded)",
  },
  { cause: "cluster-unreachable", source: "api", reason: "503", text: "apiserver not ready" },
  {
    cause: "control-failed",
    source: "api",
    reason: "409",
    text: "another run of the test uses /tmp/fuse-test-bridge/1 on w2: pod fuse-test-other/fuse-producer",
  },
];
