import type { V1Pod } from "@kubernetes/client-node";
import { JANITOR_NAME } from "../manifests/janitor";
import type { Cluster } from "./cluster";
import { beginJanitor, removeJanitor } from "./janitor";
import { claimProblem, warningOf } from "./namespace";
import { janitorImages, nodeState } from "./node-state";
import { until, within } from "./patience";
import { hasEnded } from "./pods";
import type { CleanRequest } from "./request";

/** How long the pods may take to end, in seconds, while they are removed in their order. They need one or two. */
const PODS_SECONDS = 8;

/** True where no pod runs any more: who made a mount has taken it away by then, or never will. */
export function haveEnded(pods: readonly V1Pod[]): boolean {
  return pods.every(hasEnded);
}

/** The pods of the test, as soon as none runs any more; undefined if it does not come to that. */
function podsAtTheirEnd(cluster: Cluster, namespace: string): Promise<readonly V1Pod[] | undefined> {
  return until(within(PODS_SECONDS), async () => {
    const pods = await cluster.pods(namespace);
    return haveEnded(pods) ? pods : undefined;
  });
}

/** True if a pod came into the namespace after these were seen, the janitor excepted. */
async function somebodyCame(cluster: Cluster, namespace: string, seen: readonly V1Pod[]): Promise<boolean> {
  const known = new Set(seen.map(({ metadata }) => metadata?.uid));
  const now = await cluster.pods(namespace);
  return now.some(({ metadata }) => metadata?.name !== JANITOR_NAME && !known.has(metadata?.uid));
}

/**
 * Begins the deletion of the stack's namespace as soon as its pods have ended, with a janitor in it that cleans the
 * node meanwhile: nothing can be made in a namespace that goes, and its controller touches nothing in it for 5 s
 * (namespaceDeletionGracePeriod of its source), in which a janitor needs one or two. Where the pods do not end, the node
 * does not answer, somebody holds the namespace or the API refuses anything, the destroy does one after the other.
 */
export async function releaseNamespace(cluster: Cluster, request: CleanRequest): Promise<void> {
  const { namespace } = request;
  const found = await cluster.namespace(namespace);
  if (found === undefined || claimProblem(found, request) !== undefined) return;
  if (found.metadata?.deletionTimestamp !== undefined || warningOf(found) !== undefined) return;
  const node = await cluster.node(request.node);
  if (nodeState(node) !== "ready") return;
  const ended = await podsAtTheirEnd(cluster, namespace);
  if (ended === undefined) return;
  const [image = request.image] = janitorImages(node, request.image);
  try {
    await beginJanitor(cluster, request, image);
    // This very namespace: another of its name would be another run's.
    await cluster.deleteNamespace(namespace, found.metadata?.uid);
    // A pod that came while the janitor was being made may have come after it looked.
    if (await somebodyCame(cluster, namespace, ended)) await removeJanitor(cluster, namespace);
  } catch {
    // What refused this refuses it again where it is told.
  }
}
