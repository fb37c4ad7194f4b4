import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";
import { TEST_ANNOTATIONS } from "../manifests/common";
import { clusterOf } from "./cluster-api";
import { within } from "../kube/wait";
import { nodeState } from "../kube/node";
import { removePods, runsOfPods } from "./pods";
import { type ClaimRequest, listOwnPods } from "./ownership";

/** Time to wait for an API server that does not respond, in seconds; the preflight then reports it. */
const LIMIT_SECONDS = 2;

/** Returns what identifies the test of a pod: its run, its programs and its settings. */
function testOf({ metadata }: KubernetesObject): string {
  const run = metadata?.labels?.["fuse-test/run"];
  return JSON.stringify([run, ...TEST_ANNOTATIONS.map((name) => metadata?.annotations?.[name])]);
}

/**
 * Returns the pods of other tests than the one whose pods will be created. That test's own pods come from an
 * interrupted update, which continues with them.
 */
export function earlierPods(pods: readonly V1Pod[], coming: readonly KubernetesObject[]): V1Pod[] {
  const tests = new Set(coming.map(testOf));
  return pods.filter((pod) => !tests.has(testOf(pod)));
}

/** The pods that the preflight removes, and their cluster. */
export interface EarlierRequest extends ClaimRequest {
  readonly node: string;
  /** The pods that will be created. */
  readonly pods: readonly KubernetesObject[];
}

/**
 * Removes the pods of earlier tests before this one's are created, producers last, so that there are never
 * two producers at once. The engine would replace most of them in any case, but one by one; those that a killed
 * update left are in no state, and their names would conflict. Pods of another stack, which was started at the same
 * time, are left alone.
 * @returns the runs that have ended with them, as their node confirmed.
 */
export async function removeEarlierPods(request: EarlierRequest): Promise<string[]> {
  try {
    const cluster = clusterOf(request, within(LIMIT_SECONDS));
    const earlier = earlierPods(await listOwnPods(cluster, request), request.pods);
    const unconfirmed = await removePods(cluster, earlier, { answers: true, enough: "gone" });
    return unconfirmed.length === 0 ? runsOfPods(earlier) : [];
  } catch {
    // The same error stops the preflight too, which reports it.
    return [];
  }
}

/**
 * Removes all pods of the test if the preflight found a problem that stops it: the update then declares none,
 * and the provider would wait for an unreachable node until its time limit.
 */
export async function removeAllPods(request: EarlierRequest): Promise<void> {
  try {
    const cluster = clusterOf(request, within(LIMIT_SECONDS));
    const pods = await listOwnPods(cluster, request);
    if (pods.length === 0) return;
    const answers = nodeState(await cluster.node(request.node).catch(() => undefined)) === "ready";
    await removePods(cluster, pods, { answers, enough: "gone" });
  } catch {
    // The provider deletes them, and reports the error.
  }
}
