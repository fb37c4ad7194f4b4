/**
 * What other drivers print than the ones that this project ships, and libraries of other versions: the cause that it must
 * be recognised as, and the words.
 */
export const otherWordsOfDrivers: readonly (readonly [cause: string, text: string])[] = [
  // bazil.org/fuse before 2015, mount_linux.go: the helper's output in quotes
  [
    "fuse-device-denied",
    '2021/01/01 Fatal error: failed to mount FUSE fs: fusermount: "fusermount: failed to open /dev/fuse: Operation not permitted\\n", exit status 1',
  ],
  [
    "mount-not-permitted",
    '2014/05/10 12:00:00 fuse.Mount: fusermount: "fusermount: mount failed: Operation not permitted\\n", exit status 1',
  ],
  [
    "fuse-device-missing",
    "fusermount: \"/bin/fusermount: fuse device not found, try 'modprobe fuse' first\\n\", exit status 1",
  ],
  // rclone, cmd/mountlib: old and new wording
  [
    "mount-point-not-empty",
    "Fatal error: failed to mount FUSE fs: directory is not empty, use --allow-non-empty to mount anyway: /mnt/dfs/mount",
  ],
  [
    "mount-point-not-empty",
    'CRITICAL: Fatal error: failed to mount FUSE fs: "/mnt/dfs/mount" is not empty, use --allow-non-empty to mount anyway',
  ],
  // s3fs, s3fs.cpp
  [
    "mount-point-not-empty",
    "s3fs: MOUNTPOINT directory /mnt/dfs/mount is not empty. if you are sure this is safe, can use the 'nonempty' mount option.",
  ],
  // gocryptfs, which is built on go-fuse
  [
    "driver-missing",
    'fs.Mount failed: exec: "/bin/fusermount": stat /bin/fusermount: no such file or directory',
  ],
  [
    "user-allow-other-unset",
    "/usr/bin/fusermount3: option allow_other only allowed if 'user_allow_other' is set in /etc/fuse.conf\nfs.Mount failed: fusermount exited with code 256",
  ],
  [
    "mount-not-permitted",
    "/usr/bin/fusermount3: mount failed: Permission denied\nfs.Mount failed: fusermount exited with code 256",
  ],
  // sshfs, mergerfs and others with libfuse
  ["fuse-device-denied", "fuse: failed to open /dev/fuse: Permission denied"],
  ["fuse-device-missing", "fuse: device not found, try 'modprobe fuse' first\nsshfs ended"],
  ["mount-not-permitted", "fuse: mount failed: Operation not permitted"],
  ["mount-not-permitted", "mergerfs: fuse: mount failed: Permission denied"],
  ["fuse-device-missing", "fuse: mount failed: No such device"],
  ["mount-not-permitted", "fuse: bad mount point `/mnt/dfs/mount': Permission denied"],
  [
    "too-many-mounts",
    "fusermount3: too many FUSE filesystems mounted; mount_max=1000 can be set in /etc/fuse.conf",
  ],
  ["mount-not-permitted", "fusermount3: user has no write access to mountpoint /mnt/dfs/mount"],
  ["mount-not-permitted", "fusermount: mounting over filesystem type 0x65735546 is forbidden"],
  // util-linux, sys-utils/mount.c
  ["fuse-device-missing", "mount: unknown filesystem type 'fuse'"],
  ["fuse-device-missing", "mount: /mnt/dfs/mount: unknown filesystem type 'fuse.rclone'."],
  [
    "mount-not-permitted",
    "mount: /mnt/dfs/mount: permission denied.\n       dmesg(1) may have more information after failed mount system call.",
  ],
  ["mount-not-permitted", 'mount: only root can use "--types" option'],
  ["mount-not-permitted", "mount: /mnt/dfs/mount: must be superuser to use mount."],
  // busybox, util-linux/mount.c
  ["mount-not-permitted", "mount: permission denied (are you root?)"],
  // fuser, Rust
  [
    "fuse-device-missing",
    'Error: Os { code: 2, kind: NotFound, message: "No such file or directory" } opening /dev/fuse: No such file or directory',
  ],
  [
    "mount-not-permitted",
    'fusermount3: mount failed: Operation not permitted\nError: Custom { kind: Other, error: "fusermount failed" }',
  ],
  ["mount-not-permitted", 'Error calling mount() at "/mnt/dfs/mount": EPERM: Operation not permitted'],
  // glibc, elf/dl-load.c, elf/dl-version.c and elf/dl-lookup.c
  [
    "driver-missing",
    "squashfuse: error while loading shared libraries: libsquashfuse.so.0: cannot open shared object file: No such file or directory",
  ],
  [
    "driver-missing",
    "sshfs: /lib/x86_64-linux-gnu/libfuse3.so.3: version `FUSE_3.12' not found (required by sshfs)",
  ],
  [
    "driver-missing",
    "gocryptfs: /lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by gocryptfs)",
  ],
  ["driver-missing", "s3fs: /usr/lib/libcurl.so.4: version `CURL_OPENSSL_3' not found (required by s3fs)"],
  [
    "driver-missing",
    "s3fs: /usr/lib/libcurl.so.4: no version information available (required by s3fs)\ns3fs: symbol lookup error: s3fs: undefined symbol: curl_global_sslset, version CURL_OPENSSL_4",
  ],
  [
    "driver-missing",
    "/usr/bin/rclone: error while loading shared libraries: /lib/libfuse.so.2: file too short",
  ],
  [
    "driver-missing",
    "/usr/bin/mergerfs: error while loading shared libraries: libstdc++.so.6: cannot enable executable stack as shared object requires: Permission denied",
  ],
  // dash and bash, of a program that is named by its path
  ["wrong-architecture", "/fuse-test/driver-rclone.sh: 25: /usr/bin/rclone: Exec format error"],
  [
    "wrong-architecture",
    "/fuse-test/driver-rclone.sh: line 25: /usr/bin/rclone: cannot execute binary file: Exec format error",
  ],
  ["driver-missing", "/fuse-test/driver-rclone.sh: exec: line 25: /usr/bin/rclone: not found"],
  // pflag
  ["driver-missing", "Error: unknown shorthand flag: 'x' in -x"],
  // any
  ["node-out-of-resources", "write /scratch/cache: no space left on device"],
  // What is not known, or is known to be something else, is quoted
  ["driver-crashed", "fuse: bad mount point `/mnt/dfs/mount': Transport endpoint is not connected"],
  ["driver-crashed", "fuse: unknown option(s): `-o allow_other_root'"],
  ["driver-crashed", "remote host has disconnected"],
  ["driver-crashed", "s3fs: could not determine how to establish security credentials."],
  ["driver-crashed", "Something went wrong: not a squashfs: permission denied reading archive"],
  ["driver-crashed", "panic: runtime error: invalid memory address or nil pointer dereference"],
  ["driver-crashed", "runtime: failed to create new OS thread (have 8 already; errno=11)"],
  ["driver-crashed", "/fuse-test/driver-rclone.sh: line 25: /etc/rclone.conf: No such file or directory"],
  ["driver-crashed", "libcurl version 7 not found"],
  ["driver-crashed", "the mount point was left; the queue is not empty"],
];
