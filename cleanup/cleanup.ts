import type { V1Pod } from "@kubernetes/client-node";
import { PROGRAMS_NAME } from "../manifests/common";
import type { JanitorRuns } from "../manifests/janitor";
import { KEPT_OWNER, namespaceOwner } from "../manifests/namespace";
import { testProblem } from "./ownership";
import { type Cluster, clusterOf } from "./cluster-api";
import { describeOutcome, describeUnreachable } from "./describe";
import { type JanitorResult, removeJanitor, runJanitor, runJanitorOnce } from "./janitor";
import {
  type Claim,
  claimProblem,
  ensureNamespace,
  isBeingDeleted,
  isOurs,
  ownerLabel,
  removeNamespace,
  finalizerWarning,
} from "./namespace";
import { findNames } from "../kube/connection";
import { type NodeObject, nodeState } from "../kube/node";
import type { JanitorOutcome } from "../protocol/janitor-log";
import { poll, within } from "../kube/wait";
import { createdSince, removePods, runsOfPods } from "./pods";
import type { CleanRequest } from "../protocol/cleanup-request";
import { runsInProgress } from "./sweep";

/** Time limit of the whole cleanup, in seconds. An API server that was restarted is back long before. */
const LIMIT_SECONDS = 180;

/** Time to wait for a node that is not ready, in seconds. */
const NODE_SECONDS = 15;

/** Prints the progress and the results of cleaning up. */
export interface Reporter {
  /** Prints a result or a problem, in one line. */
  readonly print: (line: string) => void;
  /** Prints the step that begins. */
  readonly step: (what: string) => void;
}

interface Work extends Reporter {
  readonly cluster: Cluster;
  readonly request: CleanRequest;
  readonly node: NodeObject | undefined;
  /** Runs whose pods were removed. */
  readonly ended: readonly string[];
}

/** Returns the node; waits for some time if it is not ready. */
async function readNode(cluster: Cluster, name: string): Promise<NodeObject | undefined> {
  let node: NodeObject | undefined;
  await poll(within(NODE_SECONDS), async () => {
    node = await cluster.node(name);
    return nodeState(node) === "not-ready" ? undefined : true;
  });
  return node;
}

const stateInWords = {
  missing: "there is no such node any more",
  "not-ready": "the node is not Ready",
} as const;

/** Returns the owner that the request's namespace must have. */
function claimOf({ namespace, owner, keepNamespace }: CleanRequest): Claim {
  return { namespace, owner: namespaceOwner(owner, keepNamespace) };
}

/**
 * Returns why nothing in the namespace belongs to this stack, in one line; undefined if it does, or if there
 * is no namespace.
 */
async function ownershipProblem(cluster: Cluster, request: CleanRequest): Promise<string | undefined> {
  const { namespace, owner } = request;
  const found = await cluster.namespace(namespace);
  const problem = found && claimProblem(found, claimOf(request));
  if (found === undefined || problem !== undefined || owner === undefined) return problem;
  const programs = await cluster.configMap(namespace, PROGRAMS_NAME);
  return programs && testProblem(programs, { namespace, stack: owner });
}

/** Removes the pods. @returns the runs that they belonged to. */
async function cleanPods({ cluster, request, node, print, step }: Omit<Work, "ended">): Promise<string[]> {
  step("remove the pods");
  const state = nodeState(node);
  // If the namespace is deleted too, a terminated pod is not waited for any longer.
  const enough = request.keepNamespace ? "gone" : "ended";
  const pods = await cluster.pods(request.namespace);
  const unconfirmed = await removePods(cluster, pods, {
    answers: state === "ready",
    enough,
  });
  if (unconfirmed.length === 0) return runsOfPods(pods);
  const why = state === "ready" ? "its kubelet did not confirm it in time" : stateInWords[state];
  print(`${unconfirmed.join(", ")} deleted from the API without waiting for ${request.node}: ${why}`);
  // Their producers may still run for a while.
  return [];
}

async function runsOf({ cluster, request, ended }: Work): Promise<JanitorRuns> {
  const inProgress = await runsInProgress(cluster, request.namespace);
  return { ended, inProgress: inProgress.filter((run) => !ended.includes(run)), awaited: true };
}

/**
 * Runs the janitor while its namespace is being deleted: the namespace controller deletes nothing in the
 * first 5 s (namespaceDeletionGracePeriod of its source), of which a janitor needs one or two.
 * @returns undefined if there is no namespace to delete, or the janitor did not finish there, or a pod was
 * created after it had started.
 */
async function sweepDuringDeletion(work: Work): Promise<JanitorOutcome | undefined> {
  const { cluster, request, node } = work;
  const { namespace } = request;
  const found = await cluster.namespace(namespace);
  if (found === undefined || isBeingDeleted(found) || ownerLabel(found) === KEPT_OWNER) return undefined;
  const before = await cluster.pods(namespace);
  const came: V1Pod[] = [];
  const begun = async (): Promise<void> => {
    // By uid, because another namespace of the same name would be another run's. No pod can be created in it
    // from here on.
    await cluster.deleteNamespace(namespace, found.metadata?.uid);
    came.push(...createdSince(before, await cluster.pods(namespace)));
  };
  const runs = await runsOf(work);
  const outcome = await runJanitorOnce(cluster, request, node, { runs, begun }).catch(() => undefined);
  // The same error occurs again below, and is then reported.
  return came.length > 0 ? undefined : outcome;
}

/** Runs the janitor in the namespace, which is created for it if it does not exist. */
async function sweep(work: Work): Promise<JanitorResult> {
  const { cluster, request, node } = work;
  const created = await ensureNamespace(cluster, claimOf(request));
  await removePods(cluster, await cluster.pods(request.namespace), { answers: true, enough: "gone" });
  const result = await runJanitor(cluster, request, node, { runs: await runsOf(work), slow: true });
  if (created) await removeNamespace(cluster, claimOf(request));
  return result;
}

/** Cleans the node. @returns the janitor's outcome; undefined if the node could not be reached. */
async function cleanNode(work: Work, namespace: "remove" | "leave"): Promise<JanitorOutcome | undefined> {
  const { cluster, request, node, print, step } = work;
  step("clean the node");
  const state = nodeState(node);
  if (state !== "ready") {
    // A janitor that an interrupted cleanup left would block the deletion of the namespace.
    await removeJanitor(cluster, request.namespace);
    print(describeUnreachable(request, stateInWords[state]));
    return undefined;
  }
  const quick = namespace === "remove" ? await sweepDuringDeletion(work) : undefined;
  const result = quick === undefined ? await sweep(work) : { outcome: quick };
  if ("problem" in result || result.outcome.bridge === undefined) {
    print(describeUnreachable(request, "problem" in result ? result.problem : "the janitor did not finish"));
    return undefined;
  }
  for (const line of describeOutcome(result.outcome, { ...request, ended: work.ended })) print(line);
  return result.outcome;
}

/** Deletes the namespace; in one that is kept, only the test's programs. */
async function cleanNamespace({ cluster, request, step }: Work): Promise<void> {
  const { namespace } = request;
  const found = await cluster.namespace(namespace);
  if (found === undefined) return;
  step("remove the namespace");
  if (isOurs(found) && ownerLabel(found) === KEPT_OWNER)
    await cluster.deleteConfigMap(namespace, PROGRAMS_NAME);
  await removeNamespace(cluster, claimOf(request));
}

/** Warns before the deletion, which fails only after a minute. */
async function warnOfHolders({ cluster, request, print }: Omit<Work, "ended">): Promise<void> {
  const namespace = await cluster.namespace(request.namespace);
  const warning = namespace && finalizerWarning(namespace);
  if (warning !== undefined) print(warning);
}

/**
 * Returns why the cluster that the request's kubeconfig means now is not the one that was deployed to, in one line;
 * undefined if it is, or if the kubeconfig does not determine it: connecting then fails.
 */
function otherServer({ kubeconfig, context, server }: CleanRequest): string | undefined {
  const found = server === undefined ? undefined : findNames({ kubeconfig, context })?.server;
  if (found === undefined || found === server) return undefined;
  const entry = `the context ${JSON.stringify(context ?? "")} of ${kubeconfig ?? "the usual kubeconfig"}`;
  return `the test is deployed on ${server}, but ${entry} now means ${found}. Nothing was changed. Set the kubeconfig back (fuse-test:kubeconfig, KUBECONFIG), then run the command again`;
}

export interface CleanupOptions extends Reporter {
  /** `leave`: the namespace stays, because the test continues in another place. */
  readonly namespace: "remove" | "leave";
}

/**
 * Removes everything that the test created: its pods, readers first; what is left on the node; and its
 * namespace. Each removal is verified by reading again.
 * @returns true if the node could be reached. If not, that is reported and is no error: nothing more can be
 * done from here.
 * @throws Error in one line for a problem that another attempt, or a person, can fix.
 */
export async function cleanUp(request: CleanRequest, options: CleanupOptions): Promise<boolean> {
  const other = otherServer(request);
  if (other !== undefined) throw new Error(other);
  return cleanUpOn(clusterOf(request, within(LIMIT_SECONDS)), request, options);
}

/** Does the same on a cluster that is already connected. */
export async function cleanUpOn(
  cluster: Cluster,
  request: CleanRequest,
  { namespace, ...reporter }: CleanupOptions,
): Promise<boolean> {
  const foreign = await ownershipProblem(cluster, request);
  if (foreign !== undefined) {
    if (request.owner === undefined) throw new Error(foreign);
    reporter.print(foreign);
    return true;
  }
  const begun = { cluster, request, node: await readNode(cluster, request.node), ...reporter };
  if (namespace === "remove") await warnOfHolders(begun);
  const work = { ...begun, ended: await cleanPods(begun) };
  const outcome = await cleanNode(work, namespace);
  if (namespace === "remove") await cleanNamespace(work);
  if (outcome?.bridge === "mounted")
    throw new Error(`${request.hostPath} on ${request.node} is still mounted`);
  return outcome !== undefined;
}
