import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";
import { TEST_ANNOTATIONS } from "../manifests/common";
import { clusterOf } from "./cluster";
import { within } from "./patience";
import { podsToRemove, removePodsInOrder } from "./pods";
import type { CleanRequest } from "./request";

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

/**
 * Takes away the pods of earlier tests before this one's are made, those that make mounts last: so there never are two
 * producers on one path. Most would be replaced by the engine in any case, but one by one; those that an update left
 * which was killed stand in no state, and would be in the way.
 * @returns whether pods with this node and bridge were there, and the node has accounted for all of them: then nothing
 * of an earlier run is left on it that the API does not know.
 */
export async function removeEarlierPods(
  request: Pick<CleanRequest, "kubeconfig" | "context" | "namespace" | "node" | "hostPath"> & {
    readonly pods: readonly KubernetesObject[];
  },
): Promise<{ readonly accounted: boolean }> {
  try {
    const cluster = clusterOf(request, within(LIMIT_SECONDS));
    const pods = await cluster.pods(request.namespace);
    const unconfirmed = await removePodsInOrder(cluster, earlierPods(pods, request.pods), true);
    return { accounted: podsToRemove(pods, request).length > 0 && unconfirmed.length === 0 };
  } catch {
    // What keeps it from doing so, keeps the preflight too, which says so in its own words.
    return { accounted: false };
  }
}
