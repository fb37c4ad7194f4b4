import { BRIDGE_MOUNT_PATH } from "../manifests/common";
import type { Question } from "./observation";

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * Returns a pattern for a path by its last name: a runtime names the path with its symlinks resolved, or
 * relative to its own root.
 */
function asPath(path: string): RegExp {
  const name = path.split("/").filter(Boolean).at(-1) ?? path;
  return new RegExp(`/${escaped(name)}(?![\\w-]|\\.\\w)`);
}

/**
 * Returns true for a text about the directory of the node that holds the mount, and not about another path.
 */
export function isOfHostPath(text: string, { hostPath }: Pick<Question, "hostPath">): boolean {
  return hostPath !== "" && asPath(hostPath).test(text);
}

/**
 * Returns true for a text about the bridge: its volume, its directory on the node, or its mount point in the
 * pods.
 */
export function isOfBridge(text: string, question: Pick<Question, "hostPath">): boolean {
  return (
    /\bvolume "bridge"/.test(text) ||
    isOfHostPath(text, question) ||
    new RegExp(`["' :(]${escaped(BRIDGE_MOUNT_PATH)}(?=[/"' :,)]|$)`).test(text)
  );
}
