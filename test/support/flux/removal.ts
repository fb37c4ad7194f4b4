import type { KubernetesObject } from "@kubernetes/client-node";
import { FLUX_NAME } from "../../../gitops/flux";
import { clusterApi } from "../clients";
import { assertNothingLeft, type Leftovers, leftovers } from "../leftovers";
import { E2E_CLUSTER } from "../names";
import { clusterFiles } from "./commits";
import { type Flux, readyOf, ROOT } from "./flux";

/** Seconds within which a node is clean once the controller has begun to prune. */
export const CLEAN_SECONDS = 120;

const isEmpty = (left: Leftovers): boolean => Object.values(left).every(({ length }) => length === 0);

/** Waits until nothing shows that a test ever ran, on the cluster and on both nodes. @throws Error that lists what is left. */
export async function untilNothingLeft(flux: Flux): Promise<void> {
  const deadline = Date.now() + CLEAN_SECONDS * 1000;
  while (Date.now() < deadline && !isEmpty(await leftovers(E2E_CLUSTER)))
    await new Promise((resolve) => setTimeout(resolve, 250));
  await assertNothingLeft(E2E_CLUSTER, flux.controller.log().slice(-4000));
}

/** Removes the test from the repository, and waits until nothing is left of it and of its Kustomization. */
export async function removeTest(flux: Flux): Promise<void> {
  const revision = await flux.commit(clusterFiles([]), "Remove the FUSE test");
  await flux.waitFor(ROOT, CLEAN_SECONDS, (state) => readyOf(state, revision)?.status === "True");
  await flux.waitFor(FLUX_NAME, CLEAN_SECONDS, (state) => state === undefined);
  await untilNothingLeft(flux);
}

/** Returns the ids of the runs whose pods are in the test's namespace, each once. */
export async function runsOfPods(): Promise<string[]> {
  const { items } = await clusterApi().listNamespacedPod({ namespace: "fuse-test" });
  const runOf = ({ metadata }: KubernetesObject): string => metadata?.labels?.["fuse-test/run"] ?? "";
  return [...new Set(items.map(runOf))];
}
