import type { WordsOfKubelet } from "./other-words-of-kubelets";

/** Messages of CRI-O, runc, crun and kubelets since 1.33 on pods that do not start. */
export const otherWordsOfRuntimes: readonly WordsOfKubelet[] = [
  // CRI-O, server/container_create_linux.go
  [
    "stale-mount-at-start",
    "event",
    "Failed",
    "Error: failed to mkdir /tmp/fuse-test-bridge: mkdir /tmp/fuse-test-bridge: file exists",
  ],
  [
    "stale-mount-at-start",
    "container",
    "CreateContainerError",
    'failed to resolve symlink "/tmp/fuse-test-bridge": lstat /tmp/fuse-test-bridge: transport endpoint is not connected',
  ],
  [
    "hostpath-type",
    "container",
    "CreateContainerError",
    "failed to mkdir /tmp/fuse-test-bridge: mkdir /tmp/fuse-test-bridge: read-only file system",
  ],
  [
    "start-failed",
    "container",
    "CreateContainerError",
    "failed to mkdir /srv/other: mkdir /srv/other: file exists",
  ],
  [
    "start-failed",
    "container",
    "CreateContainerError",
    "Kubelet may be retrying requests that are timing out in CRI-O due to system load: error reserving ctr name k8s_producer for id 2: name is reserved",
  ],
  [
    "sandbox-failed",
    "event",
    "FailedCreatePodSandBox",
    "Failed to create pod sandbox: rpc error: code = Unknown desc = error reserving pod name k8s_x for id y: name is reserved",
  ],
  [
    "start-failed",
    "container",
    "CreateContainerError",
    "container create failed: creating shared mount: permission denied",
  ],
  // runc and crun, of the bridge
  [
    "stale-mount-at-start",
    "container",
    "StartError",
    'error during container init: error mounting "/tmp/fuse-test-bridge" to rootfs at "/mnt/dfs": mount src=/tmp/fuse-test-bridge, dst=/mnt/dfs, flags=MS_BIND|MS_REC: transport endpoint is not connected: unknown',
  ],
  [
    "stale-mount-at-start",
    "container",
    "CreateContainerError",
    "container create failed: mount `/tmp/fuse-test-bridge` to `mnt/dfs`: Transport endpoint is not connected",
  ],
  [
    "start-failed",
    "container",
    "StartError",
    "error during container init: error jailing process inside rootfs: pivot_root .: invalid argument: unknown",
  ],
  [
    "start-failed",
    "container",
    "RunContainerError",
    "error during container init: write /proc/self/attr/keycreate: invalid argument: unknown",
  ],
  [
    "wrong-architecture",
    "container",
    "StartError",
    "error during container init: exec /bin/sh: exec format error",
  ],
  // kubelets 1.33 to 1.35
  [
    "start-failed",
    "event",
    "FailedPrepareDynamicResources",
    "Failed to prepare dynamic resources: prepare dynamic resources: NodePrepareResources failed",
  ],
  [
    "pod-failed",
    "status",
    "SupplementalGroupsPolicyNotSupported",
    "SupplementalGroupsPolicy=Strict is not supported in this node",
  ],
  ["pod-failed", "status", "InvalidNodeInfo", "Kubelet cannot get node info."],
  [
    "pod-failed",
    "status",
    "TerminationByKubelet",
    "Pod was terminated in response to imminent node shutdown.",
  ],
  [
    "pod-failed",
    "status",
    "UnexpectedAdmissionError",
    "Pod was rejected: Failed to pull image secret, which is unexpected",
  ],
  [
    "node-out-of-resources",
    "status",
    "OutOfsmarter-devices/fuse",
    "Pod was rejected: Node didn't have enough resource: smarter-devices/fuse, requested: 1, used: 0, capacity: 0",
  ],
  [
    "image-unavailable",
    "container",
    "ImageInspectError",
    'Failed to inspect image "x": rpc error: code = Unknown desc = short name mode is enforcing, but image name x returns ambiguous list',
  ],
  [
    "image-unavailable",
    "event",
    "InspectFailed",
    'Failed to inspect image "x": rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  ],
  [
    "image-unavailable",
    "container",
    "ErrImageNeverPull",
    'Container image "x" is present with pull policy of Never but does not have the proper auth (image secret) that was used to pull the image',
  ],
];
