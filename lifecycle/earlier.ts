import type { V1Pod } from "../toolchain/kubernetes-client.cjs";
import { clusterOf } from "./cluster";
import { within } from "./patience";
import { removePodsInOrder } from "./pods";
import type { CleanRequest } from "./request";

/** How long an API server that is away may take to come back, in seconds: the preflight tells of it otherwise. */
const LIMIT_SECONDS = 2;

/** The pods of other runs: those of this one are what an interrupted update has made already, and goes on with. */
export function earlierPods(pods: readonly V1Pod[], run: string): V1Pod[] {
  return pods.filter(({ metadata }) => metadata?.labels?.["fuse-test/run"] !== run);
}

/**
 * Takes away the pods of earlier runs before this one's are made. Most are replaced by the engine in any case; those
 * that an update left which was killed stand in no state, and would be in the way.
 */
export async function removeEarlierPods(
  request: Pick<CleanRequest, "kubeconfig" | "context" | "namespace" | "run">,
): Promise<void> {
  try {
    const cluster = clusterOf(request, within(LIMIT_SECONDS));
    const pods = earlierPods(await cluster.pods(request.namespace), request.run);
    await removePodsInOrder(cluster, pods, true);
  } catch {
    // What keeps it from doing so, keeps the preflight too, which says so in its own words.
  }
}
