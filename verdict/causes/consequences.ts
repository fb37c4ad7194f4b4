import type { Cause, Evidence } from "../cause";

/** A cause that was seen, with what shows it. */
export interface Found {
  readonly cause: Cause;
  readonly evidence: Evidence;
}

/** Causes by which a driver's own words say why it ended. */
const whyDriversEnd = [
  "node-out-of-resources",
  "wrong-architecture",
  "driver-missing",
  "fuse-device-missing",
  "fuse-device-denied",
  "user-allow-other-unset",
  "too-many-mounts",
  "mount-not-permitted",
  "mount-point-not-empty",
];

/** Errors that follow from another error, by the code of the latter. */
const consequences = new Map<string, readonly string[]>([
  ...whyDriversEnd.map((code) => [code, ["driver-crashed"]] as const),
  // Logs are read through the API server, and through the node's kubelet.
  ["cluster-unreachable", ["observation-failed"]],
  ["permission-denied", ["observation-failed"]],
  ["node-missing", ["observation-failed"]],
  ["node-not-ready", ["observation-failed", "sandbox-failed", "taint-not-tolerated"]],
  ["node-cordoned", ["taint-not-tolerated"]],
  ["stale-mount-at-start", ["control-failed"]],
]);

function follows({ cause, evidence }: Found, root: Found): boolean {
  if (cause.code === "timed-out") return true;
  // That a pod ended early has a reason; that the command was told to stop has none here.
  if (cause.code === "interrupted") return evidence.about !== "run";
  // A run that proves nothing says nothing about its mount either.
  if (cause.verdict === "FAILURE" && root.cause.verdict === "ERROR") return true;
  return consequences.get(root.cause.code)?.includes(cause.code) === true;
}

/**
 * Returns the causes that do not follow from one that stands before them in the catalogue. Whether what follows is seen
 * in time depends on how fast the pods are: what the verdict says must not.
 */
export function withoutConsequences(found: readonly Found[]): readonly Found[] {
  return found.filter((one, index) => !found.slice(0, index).some((root) => follows(one, root)));
}
