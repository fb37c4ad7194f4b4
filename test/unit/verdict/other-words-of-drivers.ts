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
  // rclone before 1.54, cmd/mount/mount.go; with --allow-non-empty it gives fusermount 3 an option of fusermount 2
  [
    "mount-point-not-empty",
    "2020/12/01 12:00:00 Fatal error: Directory is not empty: /mnt/dfs/mount If you want to mount it anyway use: --allow-non-empty option",
  ],
  [
    "mount-point-not-empty",
    "2020/12/01 12:00:00 mount helper error: fusermount: unknown option 'nonempty'\n2020/12/01 12:00:00 Fatal error: failed to mount FUSE fs: fusermount: exit status 1",
  ],
  // libfuse 3, lib/fuse_lowlevel.c
  ["mount-point-not-empty", "fuse: unknown option(s): `-o nonempty'"],
  // rclone 1.60, cmd/cmd.go, as it was heard, and cobra, command.go, before its usage
  [
    "driver-missing",
    '2026/11/28 08:47:45 Fatal error: unknown command "mount2x" for "rclone"\n\nDid you mean this?\n\tmount',
  ],
  [
    "driver-missing",
    'NOTICE: old\nError: unknown command "mount2" for "rclone"\n\nDid you mean this?\n\tmount\n\nRun \'rclone --help\' for usage.',
  ],
  ["driver-missing", "NOTICE: old\nError: unknown flag: --links\nUsage:\n  rclone mount remote:path /path"],
  ["driver-missing", "NOTICE: old\nError: unknown shorthand flag: 'x' in -x\nUsage:\n  rclone mount"],
  // The helpers of mergerfs and GlusterFS, which say their own names
  ["mount-not-permitted", "mergerfs-fusermount: mount failed: Operation not permitted"],
  ["mount-not-permitted", "/usr/bin/fusermount-glusterfs: mount failed: Permission denied"],
  [
    "mount-not-permitted",
    "/usr/bin/mergerfs-fusermount: user has no write access to mountpoint /mnt/dfs/mount",
  ],
  ["fuse-device-denied", "mergerfs-fusermount: failed to open /dev/fuse: Operation not permitted"],
  // ntfs-3g, libfuse-lite/fusermount.c
  ["fuse-device-missing", "ntfs-3g-mount: fuse device is missing, try 'modprobe fuse' as root"],
  // jacobsa/fuse, mount_linux.go, and gcsfuse
  [
    "mount-not-permitted",
    "mount: running /usr/bin/fusermount3: exit status 1\n\nstderr:\n/usr/bin/fusermount3: mount failed: Operation not permitted",
  ],
  [
    "driver-missing",
    'mountWithStorageHandle: fs.Mount: mount: running fusermount: exec: "fusermount": executable file not found in $PATH',
  ],
  [
    "fuse-device-missing",
    "mount: running fusermount: exit status 1 stderr: /bin/fusermount: fuse device not found, try 'modprobe fuse' first",
  ],
  // go-fuse, mountDirect, and fuser, of a kernel without FUSE
  ["fuse-device-missing", "Fatal error: failed to mount FUSE fs: no such device"],
  [
    "fuse-device-missing",
    'Error: Error calling mount() at "/mnt/dfs/mount" with "fd=3,rootmode=40755" and flags=MsFlags(MS_NODEV): ENODEV: No such device',
  ],
  // nix of Rust
  ["fuse-device-denied", "failed to open `/dev/fuse`: EPERM: Operation not permitted"],
  ["fuse-device-missing", "could not open /dev/fuse: ENOENT: No such file or directory"],
  // Loggers that put the helper's words in quotes or brackets
  ["mount-not-permitted", "level=fatal error='fusermount3: mount failed: Operation not permitted'"],
  ["mount-not-permitted", "[fusermount3: mount failed: Operation not permitted]"],
  ["mount-not-permitted", 'level=fatal msg="fusermount3: mount failed: Operation not permitted"'],
  // libfuse 3.18, lib/mount_fsmount.c, and libfuse 2.9, util/fusermount.c
  ["mount-not-permitted", "fuse: fsconfig CREATE failed: Operation not permitted"],
  ["mount-not-permitted", "fuse: set fsconfig ro option failed: Operation not permitted"],
  ["mount-not-permitted", "fusermount: failed to open current directory: Permission denied"],
  ["mount-not-permitted", "fusermount: failed to chdir to mountpoint: Permission denied"],
  // kmod before version 21, and busybox
  ["fuse-device-missing", "modprobe: FATAL: Module fuse not found."],
  ["fuse-device-missing", "modprobe: module fuse not found in modules.dep"],
  // A program that the kernel or a profile does not let run
  ["driver-missing", "fork/exec /usr/bin/fusermount3: operation not permitted"],
  ["driver-missing", "/fuse-test/driver-bindfs.sh: 11: exec: bindfs: Operation not permitted"],
  // bash before 4.3, and of Red Hat; busybox, of a program of another processor, as it was heard
  [
    "wrong-architecture",
    "/fuse-test/driver-bindfs.sh: line 11: /usr/bin/bindfs: cannot execute binary file\n/fuse-test/driver-bindfs.sh: line 11: /usr/bin/bindfs: Success",
  ],
  ["wrong-architecture", "/fuse-test/driver-bindfs.sh: exec: line 11: bindfs: Exec format error"],
  [
    "wrong-architecture",
    '/usr/bin/bindfs: line 1: can\'t open zE?M: no such file\n/usr/bin/bindfs: line 1: hl?c: not found\n/usr/bin/bindfs: line 2: syntax error: unexpected ")"',
  ],
  [
    "driver-missing",
    "/fuse-test/driver-bindfs.sh: line 11: /usr/bin/bindfs: /lib64/ld-linux-x86-64.so.2: bad ELF interpreter: No such file or directory",
  ],
  // musl, of a library of another processor, and glibc, of a library that another one needs
  [
    "driver-missing",
    "Error loading shared library libfuse3.so.3: Exec format error (needed by /usr/bin/bindfs)",
  ],
  [
    "driver-missing",
    "bindfs: /lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.29' not found (required by /usr/lib/libfuse3.so.3)",
  ],
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
