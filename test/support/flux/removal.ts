import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { KubernetesObject } from "@kubernetes/client-node";
import { FLUX_NAME } from "../../../gitops/flux";
import { clusterApi } from "../clients";
import { type Leftovers, leftovers } from "../leftovers";
import { E2E_CLUSTER } from "../names";
import { onNode } from "../nodes";
import { clusterFiles } from "./commits";
import { type Flux, readyOf, ROOT } from "./flux";

/** Seconds within which a node is clean once the controller has begun to prune. */
export const CLEAN_SECONDS = 120;

/** Leftovers of a cluster on which no test has run. */
const NOTHING: Leftovers = { mounts: [], directories: [], objects: [], processes: [] };

/**
 * Waits until what is left of a test, on the cluster and on both nodes, is as it should be.
 * @throws AssertionError with what is left, and the controller's last words, if it is not in time.
 */
async function untilLeft(
  flux: Flux,
  expected: Partial<Leftovers>,
  seconds: number = CLEAN_SECONDS,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  const look = async (): Promise<Partial<Leftovers>> => {
    const left = await leftovers(E2E_CLUSTER);
    return Object.fromEntries(Object.entries(left).filter(([what]) => what in expected));
  };
  let left = await look();
  while (!isDeepStrictEqual(left, expected) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    left = await look();
  }
  if (isDeepStrictEqual(left, expected)) return;
  const words = flux.controller.log().slice(-2000);
  // Not below the directories of the runs: a mount there can hang.
  const names = await onNode("w2", ["find", "/tmp", "-maxdepth", "2", "-path", "/tmp/fuse-test-bridge*"]);
  assert.deepEqual(
    left,
    expected,
    `left: ${JSON.stringify(left)} ${names}, and the controller said:\n${words}`,
  );
}

/** Waits until no node has a mount, a directory or a process of the test. */
export function untilClean(flux: Flux): Promise<void> {
  const { mounts, directories, processes } = NOTHING;
  return untilLeft(flux, { mounts, directories, processes });
}

/** Waits until nothing is left of a test but its namespace, which is kept. */
export function untilNamespaceAlone(flux: Flux): Promise<void> {
  return untilLeft(flux, { ...NOTHING, objects: ["Namespace/fuse-test"] });
}

/**
 * Seconds within which the Kustomization of the test goes. Flux, as it is installed, ends the health checks of a commit
 * before it looks at the next one, and those of a Job that is gone end with the Kustomization's own timeout.
 */
const KUSTOMIZATION_SECONDS = 240;

/** Waits until nothing is left of a test whose removal the root has applied, and then of its Kustomization. */
export async function untilRemoved(flux: Flux, revision: string): Promise<void> {
  await flux.waitFor(ROOT, CLEAN_SECONDS, (state) => readyOf(state, revision)?.status === "True");
  await untilLeft(flux, NOTHING);
  await flux.waitFor(FLUX_NAME, KUSTOMIZATION_SECONDS, (state) => state === undefined);
}

/** Removes the test from the repository, and waits until nothing is left of it and of its Kustomization. */
export async function removeTest(flux: Flux): Promise<void> {
  await untilRemoved(flux, await flux.commit(clusterFiles([]), "Remove the FUSE test"));
}

/** Returns the ids of the runs whose pods are in the test's namespace, each once. */
export async function runsOfPods(): Promise<string[]> {
  const { items } = await clusterApi().listNamespacedPod({ namespace: "fuse-test" });
  const runOf = ({ metadata }: KubernetesObject): string => metadata?.labels?.["fuse-test/run"] ?? "";
  return [...new Set(items.map(runOf))];
}
