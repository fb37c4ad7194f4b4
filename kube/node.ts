/** The part of a Node object that shows whether its kubelet responds. */
export interface NodeObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly images?: readonly { readonly names?: readonly string[] }[];
  };
}

export type NodeState = "ready" | "not-ready" | "missing";

/** Returns the state of a node by its Node object; undefined stands for a node that does not exist. */
export function nodeState(node: NodeObject | undefined): NodeState {
  if (node === undefined) return "missing";
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" ? "ready" : "not-ready";
}

/** Images that have a shell and umount: this project's own, and the public one of rclone. */
const CAPABLE = /(^|\/)(fuse-test\.local\/tools|rclone\/rclone)@sha256:[0-9a-f]{64}$/;

/**
 * Returns the images to try for the janitor, the best first: the test's own, unless the node has only others.
 * A test whose image could not be pulled must be cleaned up too.
 */
export function janitorImages(node: NodeObject | undefined, wanted: string): string[] {
  const present = (node?.status?.images ?? []).flatMap(({ names }) => names ?? []);
  const others = present.filter((name) => CAPABLE.test(name) && name !== wanted).slice(0, 1);
  return present.includes(wanted) ? [wanted, ...others] : [...others, wanted];
}
