/** The cluster's nodes. The test runs on w2; w1 is there so that "another node" exists. */
export const NODES = ["w1", "w2"] as const;
export type NodeName = (typeof NODES)[number];

/** Propagation of a node's root: `shared` lets mounts propagate, `private` does not. */
export type RootPropagation = "shared" | "private";
export type Roots = Readonly<Record<NodeName, RootPropagation>>;

/** A node of each kind, so that both the working and the failing one can be seen on one machine. */
export const DEFAULT_ROOTS: Roots = { w1: "private", w2: "shared" };

/** The cluster, and the function that prints a line of progress. */
export interface ClusterOptions {
  readonly name: string;
  readonly log: (line: string) => void;
}

/** Options for starting a cluster. An option that is left out stays as it is in a running cluster. */
export interface UpOptions extends ClusterOptions {
  readonly roots?: Partial<Roots>;
  /** A /24 network, such as `198.18.7.0/24`, for the cluster alone. */
  readonly network?: string;
}

const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/**
 * Checks a cluster's name, which becomes part of folder, cgroup and interface names.
 * @throws Error in one line
 */
export function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw new Error(
    `the cluster's name is "${name}"; expected 1 to 32 of a-z, 0-9 and "-", such as "default" (FUSE_TEST_CLUSTER)`,
  );
}
