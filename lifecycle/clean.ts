import { PROGRAMS_NAME } from "../manifests/common";
import { type Cluster, clusterOf } from "./cluster";
import { describeOutcome, describeUnreachable } from "./describe";
import { dropJanitor, joinJanitor, type JanitorResult, runJanitor } from "./janitor";
import {
  awaitSettled,
  ensureNamespace,
  isOurs,
  removeNamespace,
  removeOwnNamespace,
  warningOf,
} from "./namespace";
import type { JanitorOutcome } from "./outcome";
import { type NodeObject, nodeState } from "./node-state";
import { until, within } from "./patience";
import { removePods } from "./pods";
import { releaseNamespace } from "./release";
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

/** Runs the janitor, in a namespace that is made for it where there is none. */
async function sweep({ cluster, request }: Work, node: NodeObject | undefined): Promise<JanitorResult> {
  const joined = await joinJanitor(cluster, request);
  if (joined !== undefined) return { outcome: joined };
  const madeNamespace = await ensureNamespace(cluster, request);
  await removePods(cluster, request, true);
  const result = await runJanitor(cluster, request, node, { occupied: "clean", slow: true });
  if (madeNamespace) await removeNamespace(cluster, request);
  return result;
}

/** Cleans the node. @returns whether it was reached. */
async function cleanNode(work: Work): Promise<boolean> {
  const { cluster, request, tell } = work;
  const node = await lookAtNode(cluster, request.node);
  const state = nodeState(node);
  if (state !== "ready") {
    // One that was begun before the node went away would hold the namespace.
    await dropJanitor(cluster, request);
    tell(describeUnreachable(request, stateInWords[state]));
    return false;
  }
  const result = await sweep(work, node);
  const problem = "problem" in result ? result.problem : problemOf(result.outcome);
  if (problem !== undefined) {
    tell(describeUnreachable(request, problem));
    return false;
  }
  if ("problem" in result) return false;
  for (const line of describeOutcome(result.outcome, request)) tell(line);
  if (result.outcome.bridge !== "mounted") return true;
  throw new Error(`${request.hostPath} on ${request.node} is still mounted`);
}

/** The engine deletes the namespace after the node is clean, and can say less of what holds it. */
async function warnOfHolders({ cluster, request, tell }: Work): Promise<void> {
  const namespace = await cluster.namespace(request.namespace);
  const warning = namespace && warningOf(namespace);
  if (warning !== undefined) tell(warning);
}

/** Removes the programs of a test that no stack knows of: they do not go with a namespace that is kept. */
async function removePrograms({ cluster, request: { namespace } }: Work): Promise<void> {
  const found = await cluster.namespace(namespace);
  if (found !== undefined && isOurs(found)) await cluster.deleteConfigMap(namespace, PROGRAMS_NAME);
}

function problemOf({ bridge }: JanitorOutcome): string | undefined {
  return bridge === undefined ? "the janitor did not come to its end" : undefined;
}

/**
 * Cleans as the request says.
 * @returns whether the node could be reached, if it had to be. One that cannot is told of, and is no error: there is
 * nothing more to do from here.
 * @throws Error in one line for what another attempt, or a person, can mend.
 */
export async function clean(request: CleanRequest, tell: Tell): Promise<boolean> {
  // Who only waits for what others have begun does not wait for an API server that is away.
  const seconds = request.mode === "settle" ? 0 : LIMIT_SECONDS;
  const work = { cluster: clusterOf(request, within(seconds)), request, tell };
  switch (request.mode) {
    case "pods":
      await cleanPods(work);
      return true;
    case "node":
      await warnOfHolders(work);
      return cleanNode(work);
    case "namespace":
      await removeOwnNamespace(work.cluster, request);
      return true;
    case "release":
      await releaseNamespace(work.cluster, request);
      return true;
    case "settle":
      await awaitSettled(work.cluster, request);
      return true;
    case "everything": {
      await cleanPods(work);
      const reached = await cleanNode(work);
      await removePrograms(work);
      await removeNamespace(work.cluster, request);
      return reached;
    }
  }
}
