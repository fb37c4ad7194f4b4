import { clusterOf } from "./cluster";
import { describeOutcome } from "./describe";
import { runJanitor } from "./janitor";
import { nodeState } from "./node-state";
import { pathOnNode } from "../manifests/janitor";
import type { JanitorOutcome } from "./outcome";
import { within } from "./patience";
import type { CleanRequest } from "./request";

/** Everything must be over by then, in seconds. */
const LIMIT_SECONDS = 40;

/** What keeps the next run from the bridge, in words that follow "an earlier run"; undefined if nothing does. */
export function leftOf({ bridge, stuck }: JanitorOutcome): string | undefined {
  if (bridge === "occupied")
    return "still runs a producer there, of whose pod the API knows nothing: its kubelet has to end it";
  const [first] = stuck;
  return first === undefined
    ? undefined
    : `still has ${pathOnNode(first.path)} (${first.type}) mounted, which cannot be taken away`;
}

/**
 * Takes away, before a run's pods are made, what an earlier run left on the node: pods that the API does not know
 * any more may run there until their kubelet has ended them, and a pod that starts with an old mount keeps it.
 * A node that cannot be looked at is left to the run itself, whose pods meet the same and say it better.
 * @returns what it could not take away, as a sentence; undefined if the bridge is free.
 */
export async function clearNode(
  request: CleanRequest,
  tell: (line: string) => void,
): Promise<string | undefined> {
  try {
    const cluster = clusterOf(request, within(LIMIT_SECONDS));
    const node = await cluster.node(request.node);
    if (nodeState(node) !== "ready") return undefined;
    const result = await runJanitor(cluster, request, node, { occupied: "leave", slow: false });
    if ("problem" in result) return undefined;
    const left = leftOf(result.outcome);
    if (left !== undefined) return `an earlier run ${left}`;
    for (const line of describeOutcome(result.outcome, request)) tell(line);
    return undefined;
  } catch {
    return undefined;
  }
}
