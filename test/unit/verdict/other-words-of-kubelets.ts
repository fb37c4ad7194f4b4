/** A text of a kubelet, with the cause that it must be recognised as, and how it is observed. */
export type WordsOfKubelet = readonly [
  cause: string,
  source: "event" | "status" | "container",
  reason: string,
  text: string,
];

/** Messages of runtimes and kubelets other than those of the embedded cluster. */
export const otherWordsOfKubelets: readonly WordsOfKubelet[] = [
  // crun, src/libcrun/linux.c and container.c, by CRI-O
  [
    "driver-missing",
    "event",
    "Failed",
    "Error: container create failed: executable file `/bin/sh` not found in $PATH: No such file or directory",
  ],
  [
    "driver-missing",
    "event",
    "Failed",
    "Error: container create failed: exec container process (missing dynamic library?) `/bin/sh`: No such file or directory",
  ],
  ["driver-missing", "event", "Failed", "Error: container create failed: open executable: Permission denied"],
  [
    "wrong-architecture",
    "event",
    "Failed",
    "Error: container create failed: exec container process `/bin/sh`: Exec format error",
  ],
  // runc, old and new
  [
    "driver-missing",
    "container",
    "StartError",
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/bin/sh": permission denied: unknown',
  ],
  ["driver-missing", "container", "StartError", 'failed to start: exec: "/bin/sh": is a directory: unknown'],
  [
    "driver-missing",
    "event",
    "Failed",
    'Error: failed to create containerd task: OCI runtime create failed: unable to retrieve OCI runtime error: container_linux.go:380: starting container process caused: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
  ],
  // runc by CRI-O, and by Docker, which quote its words within theirs
  [
    "driver-missing",
    "event",
    "Failed",
    String.raw`Error: container create failed: time="2026-01-02T03:04:05Z" level=error msg="runc create failed: unable to start container process: exec: \"/bin/sh\": stat /bin/sh: no such file or directory"`,
  ],
  [
    "driver-missing",
    "container",
    "RunContainerError",
    String.raw`failed to start container "9c0": Error response from daemon: OCI runtime create failed: container_linux.go:349: starting container process caused "exec: \"/bin/sh\": permission denied": unknown`,
  ],
  [
    "driver-missing",
    "container",
    "ContainerCannotRun",
    String.raw`oci runtime error: container_linux.go:247: starting container process caused "exec: \\\"/bin/sh\\\": stat /bin/sh: no such file or directory"`,
  ],
  [
    "wrong-architecture",
    "container",
    "CreateContainerError",
    String.raw`container create failed: time="2026-01-02T03:04:05Z" level=error msg="runc create failed: unable to start container process: exec: \"/bin/sh\": exec format error"`,
  ],
  [
    "stale-mount-at-start",
    "container",
    "CreateContainerError",
    String.raw`container create failed: time="2026-01-02T03:04:05Z" level=error msg="runc create failed: unable to start container process: error during container init: error mounting \"/tmp/fuse-test-bridge\" to rootfs at \"/mnt/dfs\": stat /tmp/fuse-test-bridge: transport endpoint is not connected"`,
  ],
  [
    "hostpath-type",
    "container",
    "CreateContainerError",
    String.raw`container create failed: time="2026-01-02T03:04:05Z" level=error msg="runc create failed: unable to start container process: error mounting \"/tmp/fuse-test-bridge\" to rootfs at \"/mnt/dfs\": not a directory"`,
  ],
  [
    "start-failed",
    "container",
    "CreateContainerError",
    String.raw`container create failed: time="2026-01-02T03:04:05Z" level=error msg="runc create failed: unable to start container process: exec: \"/opt/hook\": stat /opt/hook: no such file or directory"`,
  ],
  // Docker, CRI-O
  [
    "root-not-shared",
    "event",
    "Failed",
    "Error: Error response from daemon: path /tmp/fuse-test-bridge is mounted on / but it is not a shared mount",
  ],
  [
    "root-not-shared",
    "event",
    "Failed",
    'Error: container create failed: path "/tmp/fuse-test-bridge" is mounted on "/" but it is not a shared or slave mount',
  ],
  [
    "stale-mount-at-start",
    "event",
    "Failed",
    'Error: container create failed: failed to mkdir "/tmp/fuse-test-bridge": mkdir /tmp/fuse-test-bridge: file exists',
  ],
  [
    "hostpath-type",
    "event",
    "FailedMount",
    'MountVolume.SetUp failed for volume "bridge" : mkdir /tmp/fuse-test-bridge: read-only file system',
  ],
  // the kubelet's admission and eviction, also since 1.30
  [
    "node-out-of-resources",
    "status",
    "Evicted",
    "The node was low on resource: inodes. Threshold quantity: 100, available: 90. ",
  ],
  [
    "node-out-of-resources",
    "status",
    "OutOfephemeral-storage",
    "Pod was rejected: Node didn't have enough resource: ephemeral-storage, requested: 1, used: 1, capacity: 1",
  ],
  [
    "node-out-of-resources",
    "event",
    "FailedScheduling",
    "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
  ],
  [
    "taint-not-tolerated",
    "event",
    "FailedScheduling",
    "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) were busy.",
  ],
  ["pod-failed", "status", "PodLevelResourcesAdmission", "Pod was rejected: something new of a kubelet"],
  ["pod-failed", "status", "NodeShutdown", "Pod was rejected as the node is shutting down."],
  [
    "pod-failed",
    "status",
    "UnexpectedAdmissionError",
    "Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate unhealthy devices smarter-devices/fuse, which is unexpected",
  ],
  ["pod-failed", "status", "PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS"],
  // sandboxes: k3s, flannel, CRI-O, and a plugin whose own program is missing
  [
    "sandbox-failed",
    "event",
    "FailedCreatePodSandBox",
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "x": failed to get sandbox image "rancher/mirrored-pause:3.6": failed to pull image: dial tcp: lookup registry-1.docker.io: no such host',
  ],
  [
    "sandbox-failed",
    "event",
    "FailedCreatePodSandBox",
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "x": plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory',
  ],
  [
    "sandbox-failed",
    "event",
    "FailedCreatePodSandBox",
    "Failed to create pod sandbox: rpc error: code = Unknown desc = container create failed: write to /proc/self/attr/keycreate: Invalid argument",
  ],
  [
    "sandbox-failed",
    "event",
    "FailedCreatePodSandBox",
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create shim task: exec: "runc": executable file not found in $PATH: unknown',
  ],
  // images: CRI-O, containerd, the kubelet since 1.31
  [
    "image-unavailable",
    "event",
    "Failed",
    'Failed to pull image "x": rpc error: code = Unknown desc = reading manifest latest in docker.io/x: toomanyrequests: You have reached your pull rate limit',
  ],
  [
    "image-unavailable",
    "event",
    "Failed",
    'Failed to pull image "x": initializing source docker://x: pinging container registry r: Get "https://r/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  [
    "image-unavailable",
    "container",
    "ImagePullBackOff",
    'Back-off pulling image "x": ErrImagePull: failed to pull and unpack image "x": no match for platform in manifest: not found',
  ],
  [
    "image-unavailable",
    "container",
    "SignatureValidationFailed",
    "image pull failed for x because the signature validation failed: Source image rejected",
  ],
  [
    "image-unavailable",
    "container",
    "ErrImagePull",
    'short-name "tools:1" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
  ],
  [
    "image-unavailable",
    "event",
    "InspectFailed",
    'Failed to apply default image tag "X:Y:Z": couldn\'t parse image name "X:Y:Z": invalid reference format',
  ],
  // nothing that is in the catalogue
  ["start-failed", "container", "CreateContainerError", "context deadline exceeded"],
  [
    "start-failed",
    "container",
    "CreateContainerError",
    'failed to reserve container name "producer_x_0": name "producer_x_0" is reserved for "abc"',
  ],
  [
    "start-failed",
    "container",
    "CreateContainerConfigError",
    "container has runAsNonRoot and image will run as root (container: producer)",
  ],
  ["start-failed", "container", "PostStartHookError", "command '/x' exited with 1"],
  [
    "start-failed",
    "container",
    "RunContainerError",
    "unable to start container process: unable to apply cgroup configuration: cgroup is not empty",
  ],
  [
    "start-failed",
    "container",
    "StartError",
    'error during container init: error running createContainer hook #0: exec: "nvidia-container-runtime-hook": executable file not found in $PATH: unknown',
  ],
  [
    "start-failed",
    "container",
    "StartError",
    "error during container init: error setting cgroup config for procHooks process: bpf_prog_query(BPF_CGROUP_DEVICE) failed: operation not permitted: unknown",
  ],
  [
    "start-failed",
    "event",
    "Failed",
    "Error: container create failed: executable file `crun-hook` not found in $PATH: No such file or directory",
  ],
  [
    "start-failed",
    "event",
    "Failed",
    "Error: container create failed: openat2 `etc/resolv.conf`: Not a directory",
  ],
  [
    "start-failed",
    "event",
    "Failed",
    'Error: failed to generate container "x" spec: failed to generate spec: failed to set up seccomp: seccomp profile not found',
  ],
  [
    "start-failed",
    "event",
    "FailedCreatePodContainer",
    "unable to ensure pod container exists: failed to create container for [kubepods burstable podx] : Unit kubepods.slice not found",
  ],
  [
    "start-failed",
    "event",
    "FailedMount",
    'MountVolume.SetUp failed for volume "programs" : configmap references non-existent config key: producer.sh',
  ],
  ["start-failed", "event", "FailedAttachVolume", "AttachVolume.Attach failed for volume x: rpc error"],
];
