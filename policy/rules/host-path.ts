import { matches } from "./pattern";

/**
 * Returns a path of the node in one spelling, without a slash at either end: `/tmp/./x/` is `tmp/x`. `..` is
 * kept, so that it can be refused: its target depends on links.
 */
export function nodePath(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split("/"))
    .filter((name) => name !== "" && name !== ".")
    .join("/");
}

/**
 * Files below /proc that show a process, and those in /dev that show the reading process: its root, its working
 * directory and its open files can be anything, such as the bridge as a container sees it.
 */
const OF_PROCESS =
  "proc/[^/]+/(task/[^/]+/)?(root|cwd|fd|map_files)(/.*)?|dev/(fd|stdin|stdout|stderr)(/.*)?";

/** The FUSE device by name, and by its number, which the kernel fixes. Source: Documentation/admin-guide/devices.txt. */
const DEVICE = "dev/(fuse|misc/fuse|char/10:229)(/.*)?";

const BRIDGE = "tmp/fuse-test-bridge(/.*)?";

/** A path, spelled as {@link nodePath} does, that is the bridge, below it, or the FUSE device. */
export const NAMED_PATH = `^(${BRIDGE}|${DEVICE})$`;

/** A path, spelled as {@link nodePath} does, that is the bridge, below it, or the FUSE device, or that may lead anywhere. */
export const FORBIDDEN_PATH = `^(${BRIDGE}|${DEVICE}|${OF_PROCESS})$|(^|/)[.][.](/|$)`;

/** A path, spelled as {@link nodePath} does, from which a `subPath` without `..` can lead to a forbidden one. */
export const ABOVE_FORBIDDEN = "^(|tmp|dev|dev/(misc|char)|proc(/[^/]+(/task(/[^/]+)?)?)?)$";

/**
 * Directories from which a `subPath` without `..` can lead to every forbidden path. A part that is forbidden below
 * /dev/misc or below a thread of a process is also forbidden below /dev or below the process.
 */
const ABOVE = ["/", "/tmp", "/dev", "/dev/char", "/proc", "/proc/1"];

/** The kubelet's directory, also in k0s, MicroK8s and RKE. */
const KUBELET = "(var/lib/k0s|(var/snap/microk8s/common/|opt/rke/)?var/lib)/kubelet";

/** Directories below which storage drivers mount for the kubelet. */
const OF_KUBELET = `${KUBELET}/(plugins|pods)`;

/** Directories in which networks, storage and drivers of the node keep mounts that are not FUSE. */
const OF_INFRASTRUCTURE = [
  "sys/fs",
  "(var/)?run/(netns|calico|cilium|multus|k8s[.]cni[.]cncf[.]io|nvidia|mellanox|kubevirt)",
  "var/lib/(calico|longhorn)",
].join("|");

/** A path, spelled as {@link nodePath} does, at or below which the kubelet needs mounts of storage drivers to propagate. */
export const KUBELET_PATH = `^(${OF_KUBELET})(/.*)?$`;

/**
 * A path, spelled as {@link nodePath} does, at or below which infrastructure propagates mounts that are not FUSE. Many
 * storage drivers mount the whole of the kubelet's directory.
 */
export const INFRASTRUCTURE_PATH = `^(${OF_INFRASTRUCTURE})(/.*)?$|^${KUBELET}$`;

/** Returns true if a path, joined from its parts, is the bridge, below it, or the FUSE device, or may lead anywhere. */
export function isForbidden(...parts: readonly string[]): boolean {
  return matches(FORBIDDEN_PATH, nodePath(...parts));
}

/** Returns true if a path below this one can be forbidden. */
export function isAboveForbidden(...parts: readonly string[]): boolean {
  return matches(ABOVE_FORBIDDEN, nodePath(...parts));
}

/** Returns true if a part is forbidden below at least one directory, for a part of an unknown directory. */
export function canBeForbidden(part: string): boolean {
  return ABOVE.some((directory) => isForbidden(directory, part));
}
