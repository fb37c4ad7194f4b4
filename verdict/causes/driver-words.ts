import { type Cause, findMessage } from "../cause";

/** Causes that a driver's own output shows. */
export type DriverCause =
  | "wrong-architecture"
  | "driver-missing"
  | "fuse-device-missing"
  | "fuse-device-denied"
  | "user-allow-other-unset"
  | "too-many-mounts"
  | "mount-not-permitted"
  | "mount-point-not-empty";

const refused = "(operation not permitted|permission denied)";

/** `fuse`, or a helper by its name or path, at the beginning of a message. Some drivers have a helper of their own. */
const speaker = "(^|[^0-9A-Za-z_.-])(fuse|([a-z]+-)?fusermount3?(-[a-z]+)?): ";

/** The device as its own path, neither the end of another nor the beginning. */
const device = "(^|[^0-9A-Za-z_./-])/dev/fuse[^ 0-9A-Za-z_./-]?";

/** Returns the pattern of a reason after the device: after a colon, in brackets, or as Rust and its library nix print an error of the system. */
const ofDevice = (reason: string): string => `${device}:? [(]?(E[A-Z]+: |Os [{][^}]*message: .)?${reason}`;

/** Returns the pattern of the device after a reason, as Python and Node.js print it. */
const beforeDevice = (reason: string): string =>
  `${reason}(: |, )(open )?[^ 0-9A-Za-z_./-]?/dev/fuse([^0-9A-Za-z_./-]|$)`;

const absent = "no such (file or directory|device( or address)?)";

/**
 * Messages of drivers that cannot mount, each pattern tied to its object, in the order of the catalogue. The
 * texts are those of libfuse (lib/mount.c, lib/mount_fsmount.c, util/fusermount.c of versions 2.2 to 3.18),
 * bazil.org/fuse and go-fuse (mount_linux.go), fuser (src/mnt/fuse_pure.rs), cgofuse and fusepy, rclone
 * (cmd/mountlib/utils.go), s3fs (s3fs.cpp), GlusterFS (contrib/fuse-lib/mount.c), AppImage's runtime, Go's
 * os/exec and runtime, cobra's commands, the dynamic loaders of glibc (elf/dl-load.c, elf/dl-version.c,
 * elf/dl-lookup.c, sysdeps/x86/dl-prop.h) and musl (ldso/dynlink.c), env of coreutils and busybox, mount of
 * util-linux and busybox, and of the shells that start them.
 *
 * The judgement in the pods has the same patterns, in pods/judge-words.sh. They are therefore written in what
 * JavaScript and grep -E have in common. A dot stands for a quotation mark.
 */
export const driverWords: readonly (readonly [cause: DriverCause, pattern: string])[] = [
  ["wrong-architecture", "(^|[^0-9A-Za-z_])(fork/exec|exec:)( line [0-9]+:)? [^ ]+: exec format error"],
  // bash; before version 4.3 without the reason.
  ["wrong-architecture", ": [^ ]+: cannot execute binary file(: exec format error| |$)"],
  ["wrong-architecture", "[.]sh: (line )?[0-9]+: [^ ]+: exec format error"],
  // busybox interprets a program that the kernel refuses as a script. Not if the script is one of ours.
  [
    "wrong-architecture",
    "^[^ ]*/[0-9A-Za-z_+-]+([.][^ :]*[^h :])?: line [0-9]+: ((.*: line [0-9]+: )?syntax error|(.*[^0-9A-Za-z_])?ELF[^0-9A-Za-z_].*: not found)",
  ],
  ["wrong-architecture", "fatal glibc error: CPU (does not support|lacks) "],
  ["wrong-architecture", ": CPU ISA level is lower than required"],
  ["wrong-architecture", "this program can only be run on [^ ]+ processors with "],
  ["wrong-architecture", "runtime: this CPU has no [^,]+, so it cannot run "],
  ["driver-missing", 'exec: "[^"]+": executable file not found in \\$PATH'],
  ["driver-missing", 'exec: "[^"]+": stat [^ ]+: no such file or directory'],
  [
    "driver-missing",
    "(^|[^0-9A-Za-z_])fork/exec [^ ]+: (no such file or directory|permission denied|operation not permitted)",
  ],
  ["driver-missing", "fuse: failed to exec fusermount3?([^0-9A-Za-z_]|$)"],
  ["driver-missing", "posix_spawnp?(\\(\\) of fusermount3?)? failed"],
  ["driver-missing", "no suitable fusermount binary found"],
  ["driver-missing", "error while loading shared libraries: "],
  ["driver-missing", ": cannot open shared object file: "],
  ["driver-missing", "(symbol lookup|relocation) error: "],
  ["driver-missing", "[.]so[0-9.]*: version .[0-9A-Za-z_.]+. not found \\(required by "],
  ["driver-missing", "error loading shared library [^ ]+: "],
  ["driver-missing", "error relocating [^ ]+: "],
  ["driver-missing", "dlopen\\(\\): error loading "],
  ["driver-missing", "cgofuse: cannot find fuse"],
  ["driver-missing", "unable to find libfuse"],
  [
    "driver-missing",
    "exec: (line [0-9]+: )?[^ ]+: (not found|permission denied|operation not permitted|cannot execute)",
  ],
  ["driver-missing", "cannot execute: required file not found"],
  ["driver-missing", ": bad (ELF )?interpreter: "],
  ["driver-missing", "(^|[ /])env: [^ ]+: (no such file or directory|permission denied)"],
  ["driver-missing", "(^|[ /])env: can.t execute "],
  // Errors of the driver's own command line, at the beginning or before its usage: a remote may have one as well.
  ["driver-missing", '(^|fatal )error: unknown (command "[^"]+" for "|flag: |shorthand flag: )'],
  [
    "driver-missing",
    'error: unknown command "[^"]+" for "[^"]+" (did you mean this[?] .* )?run .?[^ ]+ --help.? for usage',
  ],
  ["driver-missing", "error: unknown (shorthand )?flag: [^ ]+( in [^ ]+)? usage: "],
  ["fuse-device-missing", "fuse:? device (not found|is missing), try .modprobe fuse. (first|as root)"],
  ["fuse-device-missing", "fuse:? device [^ ]+ not found[.] Kernel module not loaded"],
  ["fuse-device-missing", `${device} not found[.] Try .modprobe fuse.`],
  ["fuse-device-missing", ofDevice(absent)],
  ["fuse-device-missing", beforeDevice(absent)],
  ["fuse-device-missing", `${speaker}(mount|fsopen\\(fuse(blk)?\\)) failed: no such device`],
  ["fuse-device-missing", "unknown filesystem type [^ 0-9A-Za-z_]?fuse"],
  [
    "fuse-device-missing",
    "(failed to mount FUSE fs|error calling mount\\(\\) at .*): (E[A-Z]+: )?no such device",
  ],
  ["fuse-device-missing", "module fuse not found( in |[.]|$)"],
  ["fuse-device-denied", ofDevice(refused)],
  ["fuse-device-denied", beforeDevice(refused)],
  ["user-allow-other-unset", "option allow_(other|root) only allowed if .user_allow_other. is set in "],
  ["too-many-mounts", "too many FUSE filesystems mounted"],
  [
    "mount-not-permitted",
    `${speaker}(mount|fsopen\\(fuse(blk)?\\)|(set )?fsconfig [0-9A-Za-z_]+( option)?|fsmount|move_mount) failed: ${refused}`,
  ],
  ["mount-not-permitted", `failed to mount FUSE fs: ${refused}`],
  ["mount-not-permitted", `error calling mount\\(\\) at .*: (E[A-Z]+: )?${refused}`],
  ["mount-not-permitted", `${speaker}user has no write access to mountpoint `],
  ["mount-not-permitted", `${speaker}mountpoint [^ ]+ not owned by user`],
  ["mount-not-permitted", `${speaker}mounting over filesystem type [^ ]+ is forbidden`],
  [
    "mount-not-permitted",
    `${speaker}(failed to (access|chdir to|open) (mountpoint|current directory)|bad mount ?point)( [^:]*)?: ${refused}`,
  ],
  ["mount-not-permitted", `mountpoint:? [^ ]+:? ${refused}`],
  [
    "mount-not-permitted",
    `(^|[ ]|/s?bin/)mount: (/[^ ]*: )?((mount|[^ :]+ system call) failed: )?(operation not permitted|permission denied|only root can|must be superuser)`,
  ],
  ["mount-point-not-empty", "mount ?point ((directory )?[^ ]+ )?(is )?not empty"],
  ["mount-point-not-empty", "is not empty, use --allow-non-empty to mount anyway"],
  ["mount-point-not-empty", "is not empty: [^ ]+ if you want to mount it anyway use: --allow-non-empty"],
  // The option that libfuse 2 has for it, and libfuse 3 does not have, as old drivers use it.
  ["mount-point-not-empty", "unknown option([(]s[)])?:? .(-o )?nonempty([^0-9A-Za-z_]|$)"],
];

const compiled = driverWords.map(([code, pattern]) => [code, new RegExp(pattern, "i")] as const);

/** Returns the first cause that a text means. The producer prints all lines of a driver as one. */
function driverCause(text: string): DriverCause | undefined {
  const line = text.replace(/\s+/g, " ");
  return compiled.find(([, pattern]) => pattern.test(line))?.[0];
}

/** Recognises a cause by what the driver printed before it exited without a mount. */
export function byDriver(code: DriverCause): Cause["recognise"] {
  return (observation) =>
    findMessage(
      observation,
      ({ source, about, reason, text }) =>
        source === "log" && about === "producer" && reason === "driver" && driverCause(text) === code,
    );
}
