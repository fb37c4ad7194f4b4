import type { Fixture } from "./fixtures";

/** Something that is said before a program starts. */
function message(
  cause: string,
  source: "event" | "container",
  reason: string,
  ...texts: readonly string[]
): Fixture[] {
  return texts.map((text) => ({ cause, source, reason, text }));
}

const bridge = "/tmp/fuse-test-bridge";

/** What kubelets and runtimes say of a container that does not start: containerd, CRI-O with crun, runc, Docker. */
export const startFixtures: readonly Fixture[] = [
  ...message(
    "start-failed",
    "container",
    "CreateContainerError",
    'failed to mkdir "/x": mkdir /x: read-only file system',
    "relabel failed /var/lib/x: lsetxattr(label=system_u:object_r:container_file_t:s0:c1,c2) /var/lib/x: operation not supported",
    'relabel "/srv/x" with "system_u:object_r:container_file_t:s0:c1,c2" failed: lsetxattr /srv/x: operation not supported',
    "failed to set MOUNT_ATTR_IDMAP on /var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/scratch: invalid argument",
    'failed to generate container "6" spec: failed to stat "/srv/other": stat /srv/other: permission denied',
    "words that no version has printed yet",
    'the container name "/k8s_producer_fuse-producer" is already in use',
    "context deadline exceeded",
  ),
  ...message(
    "start-failed",
    "container",
    "CreateContainerConfigError",
    'secret "x" not found',
    'container has runAsNonRoot and image will run as root (pod: "fuse-consumer_fuse-test(1)", container: consumer)',
  ),
  ...message(
    "start-failed",
    "container",
    "RunContainerError",
    "failed to create shim task: OCI runtime create failed: unknown",
  ),
  ...message(
    "start-failed",
    "container",
    "StartError",
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: container init was OOM-killed (memory limit too low?): unknown",
  ),
  ...message("start-failed", "container", "ReasonOfNextYear", "no user knows it yet"),
  ...message(
    "start-failed",
    "event",
    "FailedCreatePodContainer",
    "unable to ensure pod container exists: failed to create container for [kubepods burstable pod1] : mkdir /sys/fs/cgroup/memory/kubepods/burstable/pod1: cannot allocate memory",
  ),
  ...message(
    "start-failed",
    "event",
    "FailedMount",
    'MountVolume.SetUp failed for volume "programs" : configmap "fuse-test-programs" not found',
    "Unable to attach or mount volumes: unmounted volumes=[scratch], unattached volumes=[]: timed out waiting for the condition",
    'MountVolume.SetUp failed for volume "other" : mkdir /srv/other: permission denied',
  ),
  ...message(
    "hostpath-type",
    "event",
    "FailedMount",
    `MountVolume.SetUp failed for volume "bridge" : mkdir ${bridge}: permission denied`,
    `MountVolume.SetUp failed for volume "bridge" : mkdir ${bridge}: read-only file system`,
    'MountVolume.SetUp failed for volume "bridge" : mkdir /tmp: not a directory',
  ),
  ...message(
    "hostpath-type",
    "container",
    "CreateContainerError",
    `failed to generate container "6" spec: failed to generate spec: failed to mkdir "${bridge}": mkdir ${bridge}: read-only file system`,
    `failed to generate container "6" spec: failed to generate spec: failed to stat "${bridge}": stat ${bridge}: permission denied`,
    `runc create failed: unable to start container process: error mounting "${bridge}" to rootfs at "/mnt/dfs": mount ${bridge}:/mnt/dfs: not a directory: unknown`,
  ),
  ...message(
    "start-failed",
    "container",
    "CreateContainerError",
    'runc create failed: unable to start container process: error mounting "/srv/other" to rootfs at "/etc/fuse.conf": not a directory: unknown',
    'failed to generate spec: failed to stat "/srv/other": stat /srv/other: transport endpoint is not connected',
    `failed to generate spec: failed to stat "${bridge}-of-another": stat ${bridge}-of-another: transport endpoint is not connected`,
  ),
  ...message(
    "driver-missing",
    "container",
    "CreateContainerError",
    "container create failed: executable file `/bin/sh` not found: No such file or directory",
    "container create failed: executable file `sh` not found in $PATH: No such file or directory",
  ),
  ...message(
    "image-unavailable",
    "event",
    "Failed",
    'Failed to pull image "docker.io/rclone/rclone:1": 429 Too Many Requests - toomanyrequests: You have reached your unauthenticated pull rate limit',
    'Failed to pull image "r.example/x:1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'Failed to pull image "docker.io/rclone/rclone:1": no match for platform in manifest: not found',
    'Failed to pull image "r.example/x:1": http: server gave HTTP response to HTTPS client',
    "Error: ErrImagePull",
  ),
];
