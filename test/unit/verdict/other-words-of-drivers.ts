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
  // glibc, elf/dl-lookup.c, elf/dl-load.c by a caller of dlopen, and sysdeps/x86
  [
    "driver-missing",
    "mergerfs: relocation error: mergerfs: symbol fuse_session_new_versioned version FUSE_3.17 not defined in file libfuse3.so.3 with link time reference",
  ],
  ["driver-missing", "ImportError: libfuse.so.2: cannot open shared object file: No such file or directory"],
  [
    "driver-missing",
    "/usr/bin/mergerfs: error while loading shared libraries: /lib/libfuse3.so.3: invalid ELF header",
  ],
  ["driver-missing", "bindfs: /lib/libfuse3.so.3: version `FUSE_3.7' not found (required by bindfs)"],
  ["wrong-architecture", "Fatal glibc error: CPU does not support x86-64-v3"],
  ["wrong-architecture", "Fatal glibc error: CPU lacks VXE support (z14 or later required)"],
  ["wrong-architecture", "rclone: CPU ISA level is lower than required"],
  [
    "wrong-architecture",
    "mergerfs: error while loading shared libraries: /lib64/libfuse3.so.3: CPU ISA level is lower than required",
  ],
  // Go, runtime/asm_amd64.s and os_linux_arm.go
  [
    "wrong-architecture",
    "This program can only be run on AMD64 processors with v3 microarchitecture support.",
  ],
  [
    "wrong-architecture",
    "runtime: this CPU has no floating point hardware, so it cannot run this GOARM=7 binary. Recompile using GOARM=5.",
  ],
  // AppImage's runtime, cgofuse and fusepy
  ["driver-missing", "dlopen(): error loading libfuse.so.2 AppImages require FUSE to run."],
  ["driver-missing", "panic: cgofuse: cannot find FUSE goroutine 1 [running]:"],
  ["driver-missing", "OSError: Unable to find libfuse"],
  // env of coreutils and of busybox, and bash, of a driver whose interpreter is missing
  ["driver-missing", "/usr/bin/env: 'python3': No such file or directory"],
  ["driver-missing", "env: can't execute 'python3': No such file or directory"],
  [
    "driver-missing",
    "/fuse-test/driver-x.sh: line 9: /usr/bin/x: /usr/bin/python3: bad interpreter: No such file or directory",
  ],
  // cobra's commands, after their usage or after other lines, which the producer prints as one
  [
    "driver-missing",
    "Use rclone [command] --help for more information about a command. 2026/11/25 12:00:00 Fatal error: unknown flag: --links",
  ],
  [
    "driver-missing",
    '2026/11/25 12:00:00 NOTICE: Config file not found Error: unknown command "mount2" for "rclone" Run rclone --help for usage.',
  ],
  // GlusterFS, contrib/fuse-lib/mount.c
  [
    "fuse-device-missing",
    "[2026-01-04 15:27:15] E [mount.c:596:gf_fuse_mount] 0-glusterfs-fuse: cannot open /dev/fuse (No such file or directory)",
  ],
  [
    "fuse-device-denied",
    "[2026-01-04 15:27:15] E [mount.c:475:gf_fuse_mount] 0-glusterfs-fuse: cannot open /dev/fuse (Operation not permitted)",
  ],
  // Python, Node.js and Rust
  ["fuse-device-denied", "PermissionError: [Errno 1] Operation not permitted: '/dev/fuse'"],
  ["fuse-device-missing", "FileNotFoundError: [Errno 2] No such file or directory: '/dev/fuse'"],
  ["fuse-device-denied", "Error: EACCES: permission denied, open '/dev/fuse'"],
  ["fuse-device-missing", "Error: ENOENT: no such file or directory, open '/dev/fuse'"],
  [
    "fuse-device-denied",
    'Failed to open /dev/fuse: Os { code: 1, kind: PermissionDenied, message: "Operation not permitted" }',
  ],
  [
    "fuse-device-missing",
    'Failed to open /dev/fuse: Os { code: 2, kind: NotFound, message: "No such file or directory" }',
  ],
  // kmod
  ["fuse-device-missing", "modprobe: FATAL: Module fuse not found in directory /lib/modules/6.1.0"],
  // libfuse 2.9, util/fusermount.c
  ["mount-not-permitted", "fusermount: failed to open mountpoint for reading: Permission denied"],
  // s3fs, s3fs.cpp
  ["mount-not-permitted", "s3fs: MOUNTPOINT: /mnt/dfs/mount permission denied."],
  ["mount-not-permitted", "s3fs: unable to access MOUNTPOINT /mnt/dfs/mount: Permission denied"],
  ["mount-not-permitted", "s3fs: failed to open MOUNTPOINT: /mnt/dfs/mount: Permission denied"],
  // util-linux, sys-utils/mount.c, also after another line
  ["mount-not-permitted", "mount: /mnt/dfs/mount: mount failed: Operation not permitted."],
  ["mount-not-permitted", "mount: /mnt/dfs/mount: mount(2) system call failed: Operation not permitted."],
  ["mount-not-permitted", "creating the directory mount: /mnt/dfs/mount: permission denied."],
  ["mount-point-not-empty", "Error: mount point /mnt/dfs/mount not empty"],
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
