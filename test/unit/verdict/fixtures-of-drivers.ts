import type { Fixture } from "./fixtures";

type Said = readonly [cause: string, stage: string, text: string];

/**
 * What drivers and the producer's program say, by the cause that it must be recognised as, with who says it: in the
 * sources of those named, or as they were heard. The producer's log has several lines in one.
 */
const said: readonly Said[] = [
  // dash 0.5.12
  ["wrong-architecture", "driver", "/fuse-test/driver-bindfs.sh: 11: exec: bindfs: Exec format error"],
  // bash 5.2
  [
    "wrong-architecture",
    "driver",
    "/fuse-test/driver-bindfs.sh: line 11: /usr/bin/bindfs: cannot execute binary file: Exec format error /fuse-test/driver-bindfs.sh: line 11: /usr/bin/bindfs: Success",
  ],
  // busybox 1.35
  ["wrong-architecture", "driver", '/usr/bin/bindfs: line 1: syntax error: unexpected "("'],
  // busybox 1.35
  ["wrong-architecture", "driver", "/usr/bin/rclone: line 1:  ELF   : not found"],
  // Go, os/exec
  [
    "wrong-architecture",
    "driver",
    "Fatal error: failed to mount FUSE fs: fusermount: fork/exec /usr/bin/fusermount3: exec format error",
  ],
  // rclone 1.60, bazil.org/fuse mount_linux.go
  [
    "driver-missing",
    "driver",
    '2026/11/25 17:58:45 Fatal error: failed to mount FUSE fs: fusermount: exec: "fusermount": executable file not found in $PATH',
  ],
  // rclone 1.65
  [
    "driver-missing",
    "driver",
    'Fatal error: failed to mount FUSE fs: fusermount: exec: "fusermount3": executable file not found in $PATH',
  ],
  // go-fuse mount_linux.go, lookPathFallback
  [
    "driver-missing",
    "driver",
    'Fatal error: failed to mount FUSE fs: exec: "/bin/fusermount": stat /bin/fusermount: no such file or directory',
  ],
  // Go, os/exec
  ["driver-missing", "driver", "fork/exec /usr/bin/fusermount3: no such file or directory"],
  // Go, os/exec
  ["driver-missing", "driver", "fork/exec /usr/bin/fusermount3: permission denied"],
  // libfuse 2.9, lib/mount.c
  ["driver-missing", "driver", "fuse: failed to exec fusermount: No such file or directory"],
  // libfuse 3.10, lib/mount.c
  ["driver-missing", "driver", "fuse: failed to exec fusermount3: No such file or directory"],
  // libfuse 3.16, lib/mount.c
  ["driver-missing", "driver", "fuse: posix_spawnp() of fusermount3 failed: Success"],
  // libfuse 3.17, lib/mount.c
  ["driver-missing", "driver", "On calling fusermount posix_spawn failed: No such file or directory"],
  // AppImage's runtime
  ["driver-missing", "driver", "Error: No suitable fusermount binary found on the $PATH"],
  // glibc, elf/dl-load.c
  [
    "driver-missing",
    "driver",
    "bindfs: error while loading shared libraries: libfuse.so.2: cannot open shared object file: No such file or directory",
  ],
  // glibc, elf/dl-load.c
  [
    "driver-missing",
    "driver",
    "squashfuse: error while loading shared libraries: libfuse3.so.3: wrong ELF class: ELFCLASS32",
  ],
  // glibc, elf/dl-lookup.c
  [
    "driver-missing",
    "driver",
    "mergerfs: symbol lookup error: mergerfs: undefined symbol: fuse_session_custom_io_317",
  ],
  // glibc, elf/dl-version.c
  [
    "driver-missing",
    "driver",
    "rclone: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by rclone)",
  ],
  // musl, ldso/dynlink.c
  [
    "driver-missing",
    "driver",
    "Error loading shared library libfuse.so.2: No such file or directory (needed by /usr/bin/bindfs)",
  ],
  // musl, ldso/dynlink.c
  ["driver-missing", "driver", "Error relocating /usr/bin/bindfs: fuse_main_real: symbol not found"],
  // dash, of a program whose loader is missing
  ["driver-missing", "driver", "/fuse-test/driver-bindfs.sh: 11: exec: bindfs: not found"],
  // busybox, the same
  ["driver-missing", "driver", "/fuse-test/driver-bindfs.sh: exec: line 11: bindfs: not found"],
  // bash, the same
  [
    "driver-missing",
    "driver",
    "/fuse-test/driver-bindfs.sh: line 11: /usr/bin/bindfs: cannot execute: required file not found",
  ],
  // dash
  ["driver-missing", "driver", "/fuse-test/driver-bindfs.sh: 11: exec: bindfs: Permission denied"],
  // cobra, command.go
  ["driver-missing", "driver", 'Error: unknown command "mount2" for "rclone"'],
  // pflag, flag.go
  ["driver-missing", "driver", "Error: unknown flag: --links"],
  // the producer itself
  ["fuse-device-missing", "device", "opening /dev/fuse: No such device"],
  // the producer itself
  ["fuse-device-missing", "device", "opening /dev/fuse: No such device or address"],
  // the producer itself
  ["fuse-device-missing", "device", "there is no /dev/fuse in the producer: No such file or directory"],
  // rclone 1.60 and fusermount 3.14
  [
    "fuse-device-missing",
    "driver",
    "2026/11/25 17:50:13 mount helper error: fusermount: fuse device not found, try 'modprobe fuse' first",
  ],
  // rclone mount2, fusermount 3.14
  [
    "fuse-device-missing",
    "driver",
    "/usr/bin/fusermount3: fuse device not found, try 'modprobe fuse' first 2026/11/25 17:50:13 Fatal error: failed to mount FUSE fs: fusermount exited with code 256",
  ],
  // fusermount of libfuse 2.2
  ["fuse-device-missing", "driver", "fuse device not found, try 'modprobe fuse' first"],
  // util/fusermount.c, ENXIO
  ["fuse-device-missing", "driver", "fusermount: failed to open /dev/fuse: No such device or address"],
  // fusermount3 of a recent libfuse, as users of it quote it
  [
    "fuse-device-missing",
    "driver",
    "fusermount3: fuse device /dev/fuse not found. Kernel module not loaded?",
  ],
  // fuser, src/mnt/fuse_pure.rs
  ["fuse-device-missing", "driver", "ERROR fuser: /dev/fuse not found. Try 'modprobe fuse'"],
  // Go, os.PathError
  [
    "fuse-device-missing",
    "driver",
    "Fatal error: failed to mount FUSE fs: open /dev/fuse: no such file or directory",
  ],
  // libfuse, lib/mount.c
  ["fuse-device-missing", "driver", "fuse: mount failed: No such device"],
  // libfuse 3.18, lib/mount_fsmount.c
  ["fuse-device-missing", "driver", "fuse: fsopen(fuse) failed: No such device"],
  // the producer itself
  ["fuse-device-denied", "device", "opening /dev/fuse: Operation not permitted"],
  // the producer itself
  ["fuse-device-denied", "device", "opening /dev/fuse: Permission denied"],
  // util/fusermount.c
  ["fuse-device-denied", "driver", "fusermount3: failed to open /dev/fuse: Permission denied"],
  // Go, os.PathError
  ["fuse-device-denied", "driver", "open /dev/fuse: operation not permitted"],
  // bazil.org/fuse
  [
    "user-allow-other-unset",
    "driver",
    "mount helper error: fusermount: option allow_other only allowed if 'user_allow_other' is set in /etc/fuse.conf",
  ],
  // util/fusermount.c
  [
    "user-allow-other-unset",
    "driver",
    "fusermount3: option allow_root only allowed if 'user_allow_other' is set in /usr/local/etc/fuse.conf",
  ],
  // util/fusermount.c
  [
    "too-many-mounts",
    "driver",
    "fusermount3: too many FUSE filesystems mounted; mount_max=N can be set in /etc/fuse3.conf",
  ],
  // go-fuse, which calls it by its path
  ["mount-not-permitted", "driver", "/usr/bin/fusermount3: mount failed: Operation not permitted"],
  // libfuse, lib/mount.c
  ["mount-not-permitted", "driver", "fuse: mount failed: Permission denied"],
  // libfuse 3.18, lib/mount_fsmount.c
  ["mount-not-permitted", "driver", "fuse: fsmount failed: Operation not permitted"],
  // libfuse 3.18, lib/mount_fsmount.c
  ["mount-not-permitted", "driver", "fuse: move_mount failed: Permission denied"],
  // fuser, src/mnt/fuse_pure.rs
  [
    "mount-not-permitted",
    "driver",
    'Error calling mount() at "/mnt/dfs/mount" with "fd=3,rootmode=40755" and flags=MsFlags(MS_NODEV): EACCES: Permission denied',
  ],
  // fuser, src/mnt/fuse_pure.rs, as versions without the options write it
  [
    "mount-not-permitted",
    "driver",
    'Error: Error calling mount() at "/mnt/dfs/mount": Operation not permitted (os error 1)',
  ],
  // go-fuse, mountDirect
  ["mount-not-permitted", "driver", "Fatal error: failed to mount FUSE fs: operation not permitted"],
  // util/fusermount.c
  [
    "mount-not-permitted",
    "driver",
    "fusermount: failed to open /etc/fuse.conf: Permission denied fusermount: user has no write access to mountpoint /mnt/dfs/mount",
  ],
  // util/fusermount.c
  ["mount-not-permitted", "driver", "fusermount: mountpoint /mnt/dfs/mount not owned by user"],
  // util/fusermount.c
  ["mount-not-permitted", "driver", "fusermount3: mounting over filesystem type 0x00006969 is forbidden"],
  // util/fusermount.c
  [
    "mount-not-permitted",
    "driver",
    "fusermount: failed to access mountpoint /mnt/dfs/mount: Permission denied",
  ],
  // libfuse 2.9, lib/mount_util.c
  [
    "mount-point-not-empty",
    "driver",
    "fuse: mountpoint is not empty fuse: if you are sure this is safe, use the 'nonempty' mount option",
  ],
  // fusermount 2.9, of bazil.org/fuse in rclone before 1.54
  [
    "mount-point-not-empty",
    "driver",
    "fusermount: mountpoint is not empty fusermount: if you are sure this is safe, use the 'nonempty' mount option",
  ],
  // rclone 1.57, cmd/mountlib/utils.go
  [
    "mount-point-not-empty",
    "driver",
    'Fatal error: "/mnt/dfs/mount" is not empty, use --allow-non-empty to mount anyway',
  ],
  // the producer itself
  ["tool-missing", "tool", "sha256sum, od are not in the image"],
  // the producer itself
  [
    "bridge-inaccessible",
    "access",
    "chmod: changing permissions of '/mnt/dfs': Operation not permitted (mode 700, owner 0:0; seen by uid 0)",
  ],
  // fusermount, libfuse and rclone, old and new; the producer itself
  [
    "node-out-of-resources",
    "backing",
    "what is to be mounted cannot be written: head: standard output: I/O error",
  ],
  ["node-out-of-resources", "driver", "Write failed because No space left on device"],
  ["fuse-device-missing", "driver", "fuse: device not found, try 'modprobe fuse' first"],
  ["fuse-device-missing", "driver", "fuse: device /dev/fuse not found. Kernel module not loaded?"],
  ["fuse-device-missing", "device", "/dev/fuse is not a character device in the producer"],
  [
    "fuse-device-denied",
    "driver",
    "mount helper error: fusermount: failed to open /dev/fuse: Operation not permitted",
  ],
  ["fuse-device-denied", "driver", "fuse: failed to open /dev/fuse: Permission denied"],
  ["mount-not-permitted", "driver", "mount helper error: fusermount: mount failed: Operation not permitted"],
  ["mount-not-permitted", "driver", "fusermount3: mount failed: Permission denied"],
  [
    "user-allow-other-unset",
    "driver",
    "fusermount: option allow_other only allowed if 'user_allow_other' is set in /etc/fuse.conf",
  ],
  [
    "too-many-mounts",
    "driver",
    "fusermount: too many FUSE filesystems mounted; mount_max=N can be set in /etc/fuse.conf",
  ],
  ["driver-missing", "program", "rclone is not in the image"],
  ["driver-crashed", "driver", "panic: runtime error"],
  ["stale-mount-at-start", "bridge", "mkdir: can't create directory '/mnt/dfs/mount': Socket not connected"],
  [
    "stale-mount-at-start",
    "stale",
    "a mount of an earlier run cannot be removed: umount: can't unmount /mnt/dfs/mount: Device or resource busy",
  ],
];

/** The same as fixtures. */
export const driverFixtures: readonly Fixture[] = said.map(([cause, reason, text]) => ({
  ...{ cause, source: "driver", reason, text },
}));
