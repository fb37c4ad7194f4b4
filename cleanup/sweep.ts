import { type Cluster, clusterOf } from "./cluster-api";
import { describeOutcome } from "./describe";
import { runJanitor } from "./janitor";
import { nodeState } from "../kube/node";
import { within } from "../kube/wait";
import { hasEnded, runsOfPods } from "./pods";
import type { CleanRequest } from "../protocol/cleanup-request";

/** Time to wait for an API server that does not respond, in seconds: the verdict does not wait for this. */
const LIMIT_SECONDS = 2;

/** Time that the janitor may take to start and to finish, in seconds. It needs one or two. */
const JANITOR_SECONDS = 8;

/** Returns the runs whose pods have not terminated, in all namespaces that this user may list. */
export async function runsInProgress(cluster: Cluster, namespace: string): Promise<string[]> {
  const pods = await cluster.podsEverywhere().catch(() => cluster.pods(namespace));
  return runsOfPods(pods.filter((pod) => !hasEnded(pod)));
}

/**
 * Removes what earlier runs left on the node, while a run is in progress, and reports it. It never stops a
 * verdict: an error here occurs again, and is reported, when the test is cleaned up.
 * @param ended the runs whose pods this run's preflight has removed.
 */
export async function sweepNode(
  request: CleanRequest,
  ended: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  try {
    const cluster = clusterOf(request, within(LIMIT_SECONDS));
    const node = await cluster.node(request.node);
    if (nodeState(node) !== "ready") return;
    const inProgress = await runsInProgress(cluster, request.namespace);
    const result = await runJanitor(cluster, request, node, {
      runs: { ended: ended.filter((run) => !inProgress.includes(run)), inProgress, awaited: false },
      seconds: JANITOR_SECONDS,
      slow: false,
    });
    if ("problem" in result) return;
    for (const line of describeOutcome(result.outcome, request)) print(line);
  } catch {
    // Reported by the cleanup instead.
  }
}
