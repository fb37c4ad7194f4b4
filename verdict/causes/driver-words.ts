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

const refused = "(?:operation not permitted|permission denied)";

/** `fuse`, or a helper by its name or path, at the beginning of a message. */
const speaker = String.raw`(?:^|[\s/"])fuse(?:rmount3?)?: `;

/** The device as its own path, not as the end of another. */
const device = String.raw`(?<![\w/])/dev/fuse['"]?`;

/**
 * Messages of drivers that cannot mount, each pattern tied to its object. The texts are those of libfuse
 * (lib/mount.c, lib/mount_fsmount.c, util/fusermount.c of versions 2.2 to 3.18), bazil.org/fuse and go-fuse
 * (mount_linux.go), fuser (src/mnt/fuse_pure.rs), rclone (cmd/mountlib/utils.go), Go's os/exec, cobra's
 * commands, the dynamic loaders of glibc (elf/dl-load.c, elf/dl-version.c) and musl (ldso/dynlink.c), s3fs
 * (s3fs.cpp), mount of util-linux and busybox, and of the shells that start them.
 */
const words: Readonly<Record<DriverCause, readonly string[]>> = {
  "wrong-architecture": [
    String.raw`(?:\bfork/exec \S+|\bexec: \S+|cannot execute binary file): exec format error`,
    String.raw`\.sh: (?:line )?\d+: \S+: exec format error`,
    // busybox interprets a program that the kernel refuses as a script of its own.
    String.raw`^(?!\S*\.sh:)\S*/[\w.+-]+: line \d+: (?:syntax error|.*\bELF\b.*: not found)`,
  ],
  "driver-missing": [
    String.raw`exec: "[^"]+": executable file not found in \$PATH`,
    String.raw`exec: "[^"]+": stat \S+: no such file or directory`,
    String.raw`\bfork/exec \S+: (?:no such file or directory|permission denied)`,
    String.raw`fuse: failed to exec fusermount3?(?!\w)`,
    String.raw`posix_spawnp?(?:\(\) of fusermount3?)? failed`,
    String.raw`no suitable fusermount binary found`,
    String.raw`error while loading shared libraries: `,
    String.raw`symbol lookup error: `,
    String.raw`version .[\w.]+. not found \(required by `,
    String.raw`error loading shared library \S+: `,
    String.raw`error relocating \S+: \S+: symbol not found`,
    String.raw`exec: (?:line \d+: )?\S+: (?:not found|permission denied|cannot execute)`,
    String.raw`cannot execute: required file not found`,
    String.raw`^error: unknown (?:command "[^"]+" for "|flag: |shorthand flag: )`,
  ],
  "fuse-device-missing": [
    String.raw`fuse:? device not found, try 'modprobe fuse' first`,
    String.raw`fuse:? device \S+ not found\. Kernel module not loaded\?`,
    String.raw`${device} not found\. Try 'modprobe fuse'`,
    String.raw`${device}: no such (?:file or directory|device(?: or address)?)`,
    String.raw`${speaker}(?:mount|fsopen\(fuse(?:blk)?\)) failed: no such device`,
    String.raw`unknown filesystem type '?fuse`,
  ],
  "fuse-device-denied": [`${device}: ${refused}`],
  "user-allow-other-unset": [
    String.raw`option allow_(?:other|root) only allowed if 'user_allow_other' is set in `,
  ],
  "too-many-mounts": ["too many FUSE filesystems mounted"],
  "mount-not-permitted": [
    `${speaker}mount failed: ${refused}`,
    String.raw`${speaker}(?:fsopen\(fuse(?:blk)?\)|fsconfig \w+|fsmount|move_mount) failed: ${refused}`,
    `failed to mount FUSE fs: ${refused}`,
    String.raw`error calling mount\(\) at .*: (?:E\w+: )?${refused}`,
    String.raw`${speaker}user has no write access to mountpoint `,
    String.raw`${speaker}mountpoint \S+ not owned by user`,
    String.raw`${speaker}mounting over filesystem type \S+ is forbidden`,
    String.raw`${speaker}(?:failed to (?:access|chdir to) mountpoint|bad mount ?point)\b.*: ${refused}`,
    // util-linux (sys-utils/mount.c) and busybox.
    String.raw`^mount: .*\b(?:permission denied|only root can|must be superuser)\b`,
  ],
  "mount-point-not-empty": [
    String.raw`mount ?point (?:(?:directory )?\S+ )?(?:is )?not empty`,
    "is not empty, use --allow-non-empty to mount anyway",
  ],
};

const patterns = new Map(
  Object.entries(words).map(([code, texts]) => [code, texts.map((text) => new RegExp(text, "im"))]),
);

/** Recognises a cause by what the driver printed before it exited without a mount. */
export function byDriver(code: DriverCause): Cause["recognise"] {
  return (observation) =>
    findMessage(
      observation,
      ({ source, about, reason, text }) =>
        source === "log" &&
        about === "producer" &&
        reason === "driver" &&
        patterns.get(code)?.some((pattern) => pattern.test(text)) === true,
    );
}
