/** Words that are like others which stand for a cause, and are about something else: the driver failed, no more is known. */
export const driverNearMisses: readonly string[] = [
  "fusermount: failed to open /etc/fuse.conf: Permission denied",
  "fusermount: failed to open /run/lock/mtab: Operation not permitted",
  '2026/11/25 Failed to create file system for "x:": open /data/dev/fuse: permission denied',
  "NOTICE: the documentation says: fuse device required",
  "ERROR: opening /dev/fused: No such device",
  "Failed to copy: open /mnt/media/film: permission denied",
  "mount.c:12: assertion failed: mounting took long, read: permission denied",
  "fusermount3: failed to unmount /mnt/dfs/mount: Operation not permitted",
  "read /config/rclone.conf: is not empty",
  "vfs: directory not empty",
  "open /var/cache/libfuse.so: no such file or directory",
  "exec format of the log changed",
  "Error: unknown option in config: flag",
  "fusermount: failed to access mountpoint /mnt/dfs/mount: Transport endpoint is not connected",
  "fuse: mount failed: Invalid argument",
];
