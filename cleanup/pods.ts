import type { V1Pod } from "@kubernetes/client-node";
import { JANITOR_NAME } from "../manifests/janitor";
import type { Cluster } from "./cluster-api";
import { poll, within } from "../kube/wait";

/** Time that a pod's deletion may take beyond its grace period, in seconds. */
const GONE_SECONDS = 10;

/** Returns true for producer pods. They are deleted last, after every pod that reads the mount. */
function makesMounts(pod: V1Pod): boolean {
  return (pod.metadata?.labels?.["fuse-test/role"] ?? "").includes("producer");
}

/** Returns true for a pod whose containers have all terminated for good, even if it still exists. */
export function hasEnded({ status }: V1Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** Returns true for pods that may still read a mount. */
function readsMount(pod: V1Pod): boolean {
  return !makesMounts(pod) && !hasEnded(pod);
}

/** Returns the pods in order of deletion: readers, then producers and all others. */
export function deletionOrder(pods: readonly V1Pod[]): readonly V1Pod[][] {
  return [pods.filter(readsMount), pods.filter((pod) => !readsMount(pod))];
}

/** When a pod counts as removed: when it is gone from the API, or when its containers have terminated. */
type Enough = "gone" | "ended";

async function isRemoved(cluster: Cluster, { metadata }: V1Pod, enough: Enough): Promise<true | undefined> {
  const now = await cluster.pod(metadata?.namespace ?? "", metadata?.name ?? "");
  if (now === undefined || now.metadata?.uid !== metadata?.uid) return true;
  return enough === "ended" && hasEnded(now) ? true : undefined;
}

export interface Removal {
  /** True if the node responds; if not, its pods are deleted from the API at once. */
  readonly answers: boolean;
  readonly enough: Enough;
}

/**
 * Deletes a pod and waits until it is removed. If its node does not confirm, it is deleted from the API.
 * @returns true if the node confirmed that the pod has terminated.
 */
async function removePod(cluster: Cluster, pod: V1Pod, { answers, enough }: Removal): Promise<boolean> {
  if (answers) {
    await cluster.deletePod(pod);
    const seconds = (pod.spec?.terminationGracePeriodSeconds ?? 0) + GONE_SECONDS;
    if ((await poll(within(seconds), () => isRemoved(cluster, pod, enough))) !== undefined) return true;
  }
  await cluster.deletePod(pod, 0);
  await poll(within(GONE_SECONDS), () => isRemoved(cluster, pod, "gone"));
  return false;
}

/**
 * Removes pods, readers first.
 * @returns names of pods whose termination the node did not confirm.
 */
export async function removePods(
  cluster: Cluster,
  pods: readonly V1Pod[],
  { answers, enough }: Removal,
): Promise<readonly string[]> {
  const unconfirmed: string[] = [];
  for (const group of deletionOrder(pods)) {
    await Promise.all(
      group.map(async (pod) => {
        // If one pod was not confirmed, the next will not be either.
        const removal = { answers: answers && unconfirmed.length === 0, enough };
        if (!(await removePod(cluster, pod, removal))) unconfirmed.push(pod.metadata?.name ?? "a pod");
      }),
    );
  }
  return unconfirmed;
}

/** Returns the ids of the runs that pods belong to. */
export function runsOfPods(pods: readonly V1Pod[]): string[] {
  return [...new Set(pods.flatMap(({ metadata }) => metadata?.labels?.["fuse-test/run"] ?? []))];
}

/** Returns the pods that were created since others were listed, except the janitor. */
export function createdSince(before: readonly V1Pod[], now: readonly V1Pod[]): V1Pod[] {
  const known = new Set(before.map(({ metadata }) => metadata?.uid));
  return now.filter(({ metadata }) => metadata?.name !== JANITOR_NAME && !known.has(metadata?.uid));
}
