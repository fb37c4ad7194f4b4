import type { Cause, Evidence } from "../cause";

/** A recognised cause with its evidence. */
export interface Found {
  readonly cause: Cause;
  readonly evidence: Evidence;
}

/** Causes that are recognised by a driver's own output when it exits. */
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
  // An early end of a pod has a reason; an interruption of the command itself is independent of the causes
  // here.
  if (cause.code === "interrupted") return evidence.about !== "run";
  // A run that proves nothing does not prove anything about its mount either.
  if (cause.verdict === "FAILURE" && root.cause.verdict === "ERROR") return true;
  return consequences.get(root.cause.code)?.includes(cause.code) === true;
}

/**
 * Returns the causes that do not follow from one that precedes them in the catalogue. Whether a consequence
 * is observed in time depends on how fast the pods are, and the verdict must not depend on that.
 */
export function withoutConsequences(found: readonly Found[]): readonly Found[] {
  return found.filter((one, index) => !found.slice(0, index).some((root) => follows(one, root)));
}
