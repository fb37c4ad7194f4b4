import { type Cluster, clusterOf } from "./cluster";
import { describeOutcome, describeUnreachable } from "./describe";
import { runJanitor } from "./janitor";
import { ensureNamespace, removeNamespace } from "./namespace";
import { type NodeObject, nodeState } from "./node-state";
import { until, within } from "./patience";
import { removePods } from "./pods";
import type { CleanRequest } from "./request";

/** Everything must be over by then, in seconds: an API server that was away comes back long before. */
const LIMIT_SECONDS = 180;

/** How long a node that is not ready may take to come back, in seconds. */
const NODE_SECONDS = 15;

/** Where a cleaning tells a person what it did. */
export type Tell = (line: string) => void;

interface Work {
  readonly cluster: Cluster;
  readonly request: CleanRequest;
  readonly tell: Tell;
}

/** The node as it is, after some patience where it is not ready. */
async function lookAtNode(cluster: Cluster, name: string): Promise<NodeObject | undefined> {
  let node: NodeObject | undefined;
  await until(within(NODE_SECONDS), async () => {
    node = await cluster.node(name);
    return nodeState(node) === "not-ready" ? undefined : true;
  });
  return node;
}

const stateInWords = {
  missing: "there is no such node any more",
  "not-ready": "the node is not Ready",
} as const;

async function cleanPods({ cluster, request, tell }: Work): Promise<void> {
  const state = nodeState(await lookAtNode(cluster, request.node));
  const unconfirmed = await removePods(cluster, request, state === "ready");
  if (unconfirmed.length === 0) return;
  const why = state === "ready" ? "its kubelet did not confirm it in time" : stateInWords[state];
  tell(`${unconfirmed.join(", ")} taken out of the API without waiting for ${request.node}: ${why}`);
}

async function cleanNode(work: Work): Promise<void> {
  const { cluster, request, tell } = work;
  const node = await lookAtNode(cluster, request.node);
  const state = nodeState(node);
  if (state !== "ready") {
    tell(describeUnreachable(request, stateInWords[state]));
    return;
  }
  const madeNamespace = await ensureNamespace(cluster, request.namespace);
  await removePods(cluster, request, true);
  const result = await runJanitor(cluster, request, node);
  if (madeNamespace) await removeNamespace(cluster, request.namespace);
  if ("problem" in result) {
    tell(describeUnreachable(request, result.problem));
    return;
  }
  const { outcome } = result;
  for (const line of describeOutcome(outcome, request)) tell(line);
  if (outcome.bridge === undefined) tell(describeUnreachable(request, "the janitor did not come to its end"));
  if (outcome.bridge === "mounted")
    throw new Error(`${request.hostPath} on ${request.node} is still mounted`);
}

/**
 * Cleans as the request says.
 * @throws Error in one line for what another attempt, or a person, can mend. A node that cannot be reached is
 * told of, and is no error: there is nothing more to do from here.
 */
export async function clean(request: CleanRequest, tell: Tell): Promise<void> {
  const work = { cluster: clusterOf(request, within(LIMIT_SECONDS)), request, tell };
  if (request.mode !== "node") await cleanPods(work);
  if (request.mode !== "pods") await cleanNode(work);
  if (request.mode === "everything") await removeNamespace(work.cluster, request.namespace);
}
