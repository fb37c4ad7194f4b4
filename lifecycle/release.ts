import type { V1Pod } from "../toolchain/kubernetes-client.cjs";
import type { Cluster } from "./cluster";
import { beginJanitor } from "./janitor";
import { claimProblem } from "./namespace";
import { janitorImages, nodeState } from "./node-state";
import { until, within } from "./patience";
import type { CleanRequest } from "./request";

/** How long the pods may take to end, in seconds, while they are removed in their order. They need one or two. */
const PODS_SECONDS = 8;

/** True where no pod runs any more. What has ended holds no mount, and goes by itself. */
export function haveEnded(pods: readonly V1Pod[]): boolean {
  return pods.every(({ status }) => status?.phase === "Succeeded" || status?.phase === "Failed");
}

/** Waits until no pod of the test runs any more. @returns whether it came to that. */
async function podsEnd(cluster: Cluster, namespace: string): Promise<boolean> {
  const ended = await until(within(PODS_SECONDS), async () =>
    haveEnded(await cluster.pods(namespace)) ? true : undefined,
  );
  return ended !== undefined;
}

/**
 * Begins the deletion of the stack's namespace as soon as its pods have ended, with a janitor in it that cleans the
 * node meanwhile: nothing can be made in a namespace that goes, and its controller touches nothing in it for 5 s
 * (namespaceDeletionGracePeriod of its source), in which a janitor needs one or two. Where the pods do not end, the node
 * does not answer or the API refuses the janitor, nothing is begun: the destroy then does one after the other.
 */
export async function releaseNamespace(cluster: Cluster, request: CleanRequest): Promise<void> {
  const { namespace } = request;
  const found = await cluster.namespace(namespace);
  if (found === undefined || claimProblem(found, request) !== undefined) return;
  if (found.metadata?.deletionTimestamp !== undefined) return;
  const node = await cluster.node(request.node);
  if (nodeState(node) !== "ready" || !(await podsEnd(cluster, namespace))) return;
  const [image = request.image] = janitorImages(node, request.image);
  try {
    await beginJanitor(cluster, request, image);
  } catch {
    return;
  }
  // This very namespace: another of its name would be another run's.
  await cluster.deleteNamespace(namespace, found.metadata?.uid);
}
