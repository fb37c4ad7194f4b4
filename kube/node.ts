/** The part of a Node object that says whether it answers. */
export interface NodeObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly images?: readonly { readonly names?: readonly string[] }[];
  };
}

/** Whether a node can be worked on. */
export type NodeState = "ready" | "not-ready" | "missing";

/** Whether a node answers, by its Node object; undefined stands for one that does not exist. */
export function nodeState(node: NodeObject | undefined): NodeState {
  if (node === undefined) return "missing";
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" ? "ready" : "not-ready";
}

/** The images that have a shell and unmount: this project's own, and the public one of rclone. */
const CAPABLE = /(^|\/)(fuse-test\.local\/tools|rclone\/rclone)@sha256:[0-9a-f]{64}$/;

/**
 * The images to try for the janitor, the best first: the test's own, unless the node has only others. A test
 * whose image cannot be had has to be cleaned too.
 */
export function janitorImages(node: NodeObject | undefined, wanted: string): string[] {
  const present = (node?.status?.images ?? []).flatMap(({ names }) => names ?? []);
  const others = present.filter((name) => CAPABLE.test(name) && name !== wanted).slice(0, 1);
  return present.includes(wanted) ? [wanted, ...others] : [...others, wanted];
}
