import { driverFixtures } from "./fixtures-of-drivers";

/** Words of the world, and the cause that they must be recognised as. */
export interface Fixture {
  readonly cause: string;
  readonly source: "event" | "status" | "container" | "api" | "driver";
  readonly reason: string;
  readonly text: string;
}

/** What the API, the kubelet and the runtime say: old and new wording. */
const clusterFixtures: readonly Fixture[] = [
  // containerd 1.6 and later, as the embedded cluster prints it; the shorter form is older.
  {
    cause: "root-not-shared",
    source: "event",
    reason: "Failed",
    text: 'Error: failed to generate container "9c0" spec: failed to generate spec: path "/tmp/fuse-test-bridge" is mounted on "/" but it is not a shared mount',
  },
  {
    cause: "root-not-shared",
    source: "event",
    reason: "Failed",
    text: 'Error: failed to generate container "9c0" spec: failed to generate spec: path "/tmp/fuse-test-bridge" is mounted on "/" but it is not a shared or slave mount',
  },
  {
    cause: "root-not-shared",
    source: "event",
    reason: "Failed",
    text: 'Error: failed to start container "producer": Error response from daemon: linux mounts: Path /tmp/fuse-test-bridge is mounted on / but it is not a shared mount',
  },
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
    text: 'pods is forbidden: User "nobody" cannot create resource "pods" in API group "" in the namespace "fuse-test"',
  },
  { cause: "permission-denied", source: "api", reason: "401", text: "Unauthorized" },
  {
    cause: "permission-denied",
    source: "api",
    reason: "401",
    text: "You must be logged in to the server (the server has asked for the client to provide credentials)",
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
    cause: "taint-not-tolerated",
    source: "event",
    reason: "FailedScheduling",
    text: "0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: media}. preemption: 0/3 nodes are available",
  },
  {
    cause: "taint-not-tolerated",
    source: "event",
    reason: "FailedScheduling",
    text: "0/3 nodes are available: 3 node(s) had taint {dedicated: media}, that the pod didn't tolerate.",
  },
  {
    cause: "taint-not-tolerated",
    source: "status",
    reason: "TaintToleration",
    text: "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
  },
  {
    cause: "taint-not-tolerated",
    source: "status",
    reason: "DeletionByTaintManager",
    text: "Taint manager: deleting due to NoExecute taint",
  },
  {
    cause: "node-affinity",
    source: "status",
    reason: "NodeAffinity",
    text: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  },
  {
    cause: "node-affinity",
    source: "event",
    reason: "FailedScheduling",
    text: "0/3 nodes are available: 3 node(s) didn't match node selector.",
  },
  {
    cause: "node-out-of-resources",
    source: "status",
    reason: "OutOfcpu",
    text: "Node didn't have enough resource: cpu, requested: 1000000, used: 100, capacity: 2000",
  },
  {
    cause: "node-out-of-resources",
    source: "status",
    reason: "OutOfmemory",
    text: "Pod Node didn't have enough resource: memory, requested: 1, used: 1, capacity: 1",
  },
  {
    cause: "node-out-of-resources",
    source: "status",
    reason: "OutOfpods",
    text: "Pod was rejected: Too many pods",
  },
  {
    cause: "node-out-of-resources",
    source: "status",
    reason: "Evicted",
    text: "The node was low on resource: ephemeral-storage. Threshold quantity: 1, available: 0.",
  },
  {
    cause: "node-out-of-resources",
    source: "status",
    reason: "Evicted",
    text: "Pod was rejected: The node had condition: [DiskPressure].",
  },
  {
    cause: "node-out-of-resources",
    source: "event",
    reason: "FailedMount",
    text: 'MountVolume.SetUp failed for volume "bridge" : mkdir /tmp/fuse-test-bridge: no space left on device',
  },
  {
    cause: "image-unavailable",
    source: "container",
    reason: "ErrImageNeverPull",
    text: 'Container image "fuse-test.local/none" is not present with pull policy of Never',
  },
  {
    cause: "node-out-of-resources",
    source: "status",
    reason: "Evicted",
    text: "The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi.",
  },
  {
    cause: "image-unavailable",
    source: "container",
    reason: "ErrImagePull",
    text: "rpc error: code = Unknown desc = context deadline exceeded",
  },
  {
    cause: "image-unavailable",
    source: "event",
    reason: "Failed",
    text: 'Failed to pull image "docker.io/rclone/rclone:0": rpc error: code = NotFound desc = failed to pull and unpack image',
  },
  {
    cause: "image-unavailable",
    source: "container",
    reason: "ImagePullBackOff",
    text: 'Back-off pulling image "docker.io/rclone/rclone:0"',
  },
  {
    cause: "image-unavailable",
    source: "container",
    reason: "InvalidImageName",
    text: 'Failed to apply default image tag "NOT:A:NAME": couldn\'t parse image name "NOT:A:NAME": invalid reference format',
  },
  {
    cause: "sandbox-failed",
    source: "event",
    reason: "FailedCreatePodSandBox",
    text: 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "99c": plugin type="no-such-plugin" failed (add): failed to find plugin "no-such-plugin" in path [/usr/lib/cni]',
  },
  {
    cause: "sandbox-failed",
    source: "event",
    reason: "FailedCreatePodSandBox",
    text: 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "registry.k8s.io/pause:3.9": failed to pull image',
  },
  {
    cause: "sandbox-failed",
    source: "event",
    reason: "FailedCreatePodSandBox",
    text: 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "kata" is configured',
  },
  {
    cause: "control-failed",
    source: "api",
    reason: "409",
    text: "another run of the test uses /tmp/fuse-test-bridge on w2: pod fuse-test-other/fuse-producer",
  },
  {
    cause: "hostpath-type",
    source: "event",
    reason: "FailedMount",
    text: 'MountVolume.SetUp failed for volume "bridge" : hostPath type check failed: /tmp/fuse-test-bridge is not a directory',
  },
  {
    cause: "hostpath-type",
    source: "event",
    reason: "FailedMount",
    text: 'MountVolume.SetUp failed for volume "fuse" : hostPath type check failed: /dev/fuse is not a character device',
  },
  {
    cause: "hostpath-type",
    source: "event",
    reason: "Failed",
    text: 'Error: hostPath "/tmp/fuse-test-bridge" doesn\'t exist',
  },
  {
    cause: "driver-missing",
    source: "event",
    reason: "Failed",
    text: 'Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
  },
  {
    cause: "driver-missing",
    source: "container",
    reason: "StartError",
    text: 'exec: "sh": executable file not found in $PATH: unknown',
  },
  {
    cause: "stale-mount-at-start",
    source: "event",
    reason: "Failed",
    text: 'Error: failed to generate container "6492" spec: failed to generate spec: failed to stat "/tmp/fuse-test-bridge": stat /tmp/fuse-test-bridge: transport endpoint is not connected',
  },
  {
    cause: "stale-mount-at-start",
    source: "event",
    reason: "Failed",
    text: "Error: Error response from daemon: error while creating mount source path '/tmp/fuse-test-bridge': mkdir /tmp/fuse-test-bridge: file exists",
  },
  {
    cause: "stale-mount-at-start",
    source: "api",
    reason: "409",
    text: "an earlier run still runs a producer there, of whose pod the API knows nothing: its kubelet has to end it",
  },
];

/** Every fixture. */
export const fixtures: readonly Fixture[] = [...clusterFixtures, ...driverFixtures];
