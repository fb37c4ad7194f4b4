import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "./cluster";
import { until, within } from "./patience";
import type { CleanRequest } from "./request";

/** How long a pod may take to go beyond its own grace, in seconds. */
const GONE_SECONDS = 10;

/** True for pods of the test that make mounts: they go last, when nobody looks any more. */
function makesMounts(pod: V1Pod): boolean {
  return (pod.metadata?.labels?.["fuse-test/role"] ?? "").includes("producer");
}

function bridgeOf(pod: V1Pod): string | undefined {
  return pod.spec?.volumes?.find(({ name }) => name === "bridge")?.hostPath?.path;
}

/** The pods that use the node and the bridge which are to be cleaned: others belong to a test that goes on. */
export function podsToRemove(
  pods: readonly V1Pod[],
  request: Pick<CleanRequest, "node" | "hostPath">,
): V1Pod[] {
  return pods.filter((pod) => pod.spec?.nodeName === request.node && bridgeOf(pod) === request.hostPath);
}

/** True for a pod none of whose containers will run any more, however long it takes to go. */
export function hasEnded({ status }: V1Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** True for pods that may still look at a mount. */
function looks(pod: V1Pod): boolean {
  return !makesMounts(pod) && !hasEnded(pod);
}

/** The order in which pods go: those that look, then those that make mounts and all others. */
export function inOrder(pods: readonly V1Pod[]): readonly V1Pod[][] {
  return [pods.filter(looks), pods.filter((pod) => !looks(pod))];
}

async function isGone(cluster: Cluster, { metadata }: V1Pod): Promise<true | undefined> {
  const now = await cluster.pod(metadata?.namespace ?? "", metadata?.name ?? "");
  return now?.metadata?.uid === metadata?.uid ? undefined : true;
}

/**
 * Deletes a pod and waits until it is gone. One whose node does not confirm it is taken out of the API.
 * @returns whether the node confirmed that the pod has ended.
 */
async function removePod(cluster: Cluster, pod: V1Pod, answers: boolean): Promise<boolean> {
  if (answers) {
    await cluster.deletePod(pod);
    const seconds = (pod.spec?.terminationGracePeriodSeconds ?? 0) + GONE_SECONDS;
    if ((await until(within(seconds), () => isGone(cluster, pod))) !== undefined) return true;
  }
  await cluster.deletePod(pod, 0);
  await until(within(GONE_SECONDS), () => isGone(cluster, pod));
  return false;
}

/**
 * Takes pods away, those that look first.
 * @param answers whether the node answers; if not, its pods are taken out of the API at once.
 * @returns names of pods whose end the node did not confirm.
 */
export async function removePodsInOrder(
  cluster: Cluster,
  pods: readonly V1Pod[],
  answers: boolean,
): Promise<readonly string[]> {
  const unconfirmed: string[] = [];
  for (const group of inOrder(pods)) {
    await Promise.all(
      group.map(async (pod) => {
        // Where one pod was not confirmed, the next will not be either.
        const confirmed = await removePod(cluster, pod, answers && unconfirmed.length === 0);
        if (!confirmed) unconfirmed.push(pod.metadata?.name ?? "a pod");
      }),
    );
  }
  return unconfirmed;
}

/** Takes away the pods of the test that is to be cleaned, as removePodsInOrder. */
export async function removePods(
  cluster: Cluster,
  request: CleanRequest,
  answers: boolean,
): Promise<readonly string[]> {
  return removePodsInOrder(cluster, podsToRemove(await cluster.pods(request.namespace), request), answers);
}
