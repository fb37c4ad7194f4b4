import { apiFixtures } from "./fixtures-of-api";
import { driverFixtures } from "./fixtures-of-drivers";
import { startFixtures } from "./fixtures-of-starts";

/** Words of the world, and the cause that they must be recognised as. */
export interface Fixture {
  readonly cause: string;
  readonly source: "event" | "status" | "container" | "api" | "driver";
  readonly reason: string;
  readonly text: string;
}

/** What the kubelet and the runtime say: old and new wording. */
const nodeFixtures: readonly Fixture[] = [
  {
    cause: "wrong-architecture",
    source: "container",
    reason: "Error",
    text: "exec /bin/sh: exec format error",
  },
  {
    cause: "wrong-architecture",
    source: "event",
    reason: "Failed",
    text: 'Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/sh": exec format error: unknown',
  },
  {
    cause: "wrong-architecture",
    source: "container",
    reason: "StartError",
    text: "exec container process `/bin/sh`: Exec format error",
  },
  {
    cause: "sandbox-failed",
    source: "event",
    reason: "FailedCreatePodSandBox",
    text: 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="bridge" failed (add): fork/exec /opt/cni/bin/bridge: exec format error',
  },
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
];

/** Every fixture. */
export const fixtures: readonly Fixture[] = [
  ...apiFixtures,
  ...nodeFixtures,
  ...startFixtures,
  ...driverFixtures,
];
