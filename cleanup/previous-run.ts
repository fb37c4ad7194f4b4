import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";
import { TEST_ANNOTATIONS } from "../manifests/common";
import { clusterOf } from "./cluster-api";
import { within } from "../kube/wait";
import { nodeState } from "../kube/node";
import { removePods, runsOfPods } from "./pods";
import type { CleanRequest } from "../protocol/cleanup-request";

/** How long an API server that is away may take to come back, in seconds: the preflight tells of it otherwise. */
const LIMIT_SECONDS = 2;

/** What tells one test's pods from another's: the run, what they run, and with which settings. */
function testOf({ metadata }: KubernetesObject): string {
  const run = metadata?.labels?.["fuse-test/run"];
  return JSON.stringify([run, ...TEST_ANNOTATIONS.map((name) => metadata?.annotations?.[name])]);
}

/**
 * The pods of other tests than the one whose pods are to be made: that one's own are what an interrupted update has
 * made already, and goes on with.
 */
export function earlierPods(pods: readonly V1Pod[], coming: readonly KubernetesObject[]): V1Pod[] {
  const tests = new Set(coming.map(testOf));
  return pods.filter((pod) => !tests.has(testOf(pod)));
}

/** Which pods the preflight removes, and from which cluster. */
export interface EarlierRequest extends Pick<CleanRequest, "kubeconfig" | "context" | "namespace" | "node"> {
  /** The pods that are to be created. */
  readonly pods: readonly KubernetesObject[];
}

/**
 * Removes the pods of earlier tests before this one's are created, those that make mounts last: there never are two
 * producers at once. Most would be replaced by the engine in any case, but one by one; those that a killed update left
 * are in no state, and would be in the way.
 * @returns the runs that have ended with them, as their node confirmed.
 */
export async function removeEarlierPods(request: EarlierRequest): Promise<string[]> {
  try {
    const cluster = clusterOf(request, within(LIMIT_SECONDS));
    const earlier = earlierPods(await cluster.pods(request.namespace), request.pods);
    const unconfirmed = await removePods(cluster, earlier, { answers: true, enough: "gone" });
    return unconfirmed.length === 0 ? runsOfPods(earlier) : [];
  } catch {
    // What keeps it from doing so, keeps the preflight too, which says so in its own words.
    return [];
  }
}

/**
 * Removes all pods of the test if the preflight found what stops it: the update then declares none, and the provider
 * would wait for a node that is away until its limit is over.
 */
export async function removeAllPods(request: EarlierRequest): Promise<void> {
  try {
    const cluster = clusterOf(request, within(LIMIT_SECONDS));
    const pods = await cluster.pods(request.namespace);
    if (pods.length === 0) return;
    const answers = nodeState(await cluster.node(request.node).catch(() => undefined)) === "ready";
    await removePods(cluster, pods, { answers, enough: "gone" });
  } catch {
    // The provider deletes them, and reports what keeps it from that.
  }
}
