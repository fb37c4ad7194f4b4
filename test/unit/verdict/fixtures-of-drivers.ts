import type { Fixture } from "./fixtures";

/** What drivers and the producer's program say, by the cause that it must be recognised as: old and new wording. */
export const driverFixtures: readonly Fixture[] = [
  {
    cause: "node-out-of-resources",
    source: "driver",
    reason: "backing",
    text: "what is to be mounted cannot be written: head: standard output: I/O error",
  },
  {
    cause: "node-out-of-resources",
    source: "driver",
    reason: "driver",
    text: "Write failed because No space left on device",
  },
  {
    cause: "fuse-device-missing",
    source: "driver",
    reason: "driver",
    text: "fuse: device not found, try 'modprobe fuse' first",
  },
  {
    cause: "fuse-device-missing",
    source: "driver",
    reason: "driver",
    text: "fuse: device /dev/fuse not found. Kernel module not loaded?",
  },
  {
    cause: "fuse-device-missing",
    source: "driver",
    reason: "device",
    text: "/dev/fuse is not a character device in the producer",
  },
  {
    cause: "fuse-device-denied",
    source: "driver",
    reason: "driver",
    text: "mount helper error: fusermount: failed to open /dev/fuse: Operation not permitted",
  },
  {
    cause: "fuse-device-denied",
    source: "driver",
    reason: "driver",
    text: "fuse: failed to open /dev/fuse: Permission denied",
  },
  {
    cause: "mount-not-permitted",
    source: "driver",
    reason: "driver",
    text: "mount helper error: fusermount: mount failed: Operation not permitted",
  },
  {
    cause: "mount-not-permitted",
    source: "driver",
    reason: "driver",
    text: "fusermount3: mount failed: Permission denied",
  },
  {
    cause: "user-allow-other-unset",
    source: "driver",
    reason: "driver",
    text: "fusermount: option allow_other only allowed if 'user_allow_other' is set in /etc/fuse.conf",
  },
  {
    cause: "too-many-mounts",
    source: "driver",
    reason: "driver",
    text: "fusermount: too many FUSE filesystems mounted; mount_max=N can be set in /etc/fuse.conf",
  },
  { cause: "driver-missing", source: "driver", reason: "program", text: "rclone is not in the image" },
  { cause: "driver-crashed", source: "driver", reason: "driver", text: "panic: runtime error" },
  {
    cause: "stale-mount-at-start",
    source: "driver",
    reason: "bridge",
    text: "mkdir: can't create directory '/mnt/dfs/mount': Socket not connected",
  },
  {
    cause: "stale-mount-at-start",
    source: "driver",
    reason: "stale",
    text: "a mount of an earlier run cannot be removed: umount: can't unmount /mnt/dfs/mount: Device or resource busy",
  },
];
