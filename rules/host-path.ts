import { matches } from "./pattern";

/**
 * Returns a path of the node in one spelling, without a slash at either end: `/tmp/./x/` is `tmp/x`. `..` stays, so that
 * it can be refused: where it leads depends on links.
 */
export function nodePath(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split("/"))
    .filter((name) => name !== "" && name !== ".")
    .join("/");
}

/** Every process shows the node's root below its own directory in /proc, and its working directory. */
const ROOTS = "(proc/[^/]+/(task/[^/]+/)?(root|cwd)/)*";

/** What a process has open can be anything. */
const OPEN_FILES = "proc/[^/]+/(task/[^/]+/)?(fd|map_files)(/.*)?|dev/fd(/.*)?";

/** The FUSE device by name, and by its number, which the kernel fixes. Source: Documentation/admin-guide/devices.txt. */
const DEVICE = "dev/(fuse|misc/fuse|char/10:229)(/.*)?";

const BRIDGE = "tmp/fuse-test-bridge(/.*)?";

/** A path, spelled as {@link nodePath} does, that is the bridge, below it, or the FUSE device, or that may lead anywhere. */
export const FORBIDDEN_PATH = `^${ROOTS}(${BRIDGE}|${DEVICE}|${OPEN_FILES})$|(^|/)[.][.](/|$)`;

/** A path, spelled as {@link nodePath} does, from which a `subPath` without `..` can lead to a forbidden one. */
export const ABOVE_FORBIDDEN = `^${ROOTS}(|tmp|dev|dev/(misc|char)|proc(/[^/]+(/(root|cwd|task(/[^/]+)?))?)?)$`;

/** Directories below which storage drivers mount for the kubelet. */
const OF_KUBELET = "var/lib/kubelet/(plugins|pods)";

/** Directories in which networks, storage and drivers of the node keep mounts that are not FUSE. */
const OF_INFRASTRUCTURE = [
  "sys/fs",
  "(var/)?run/(netns|calico|cilium|multus|k8s[.]cni[.]cncf[.]io|nvidia|mellanox|kubevirt)",
  "var/lib/(calico|longhorn)",
].join("|");

/** A path, spelled as {@link nodePath} does, at or below which the kubelet needs mounts of storage drivers to propagate. */
export const KUBELET_PATH = `^(${OF_KUBELET})(/.*)?$`;

/** A path, spelled as {@link nodePath} does, at or below which infrastructure propagates mounts that are not FUSE. */
export const INFRASTRUCTURE_PATH = `^(${OF_INFRASTRUCTURE})(/.*)?$`;

/** Returns whether a path, joined from its parts, is the bridge, below it, or the FUSE device, or may lead anywhere. */
export function isForbidden(...parts: readonly string[]): boolean {
  return matches(FORBIDDEN_PATH, nodePath(...parts));
}

/** Returns whether something below a path can be forbidden. */
export function isAboveForbidden(...parts: readonly string[]): boolean {
  return matches(ABOVE_FORBIDDEN, nodePath(...parts));
}
