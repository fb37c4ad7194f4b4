import type { V1ConfigMap, V1Namespace, V1Pod } from "@kubernetes/client-node";
import { PROGRAMS_NAME } from "../manifests/common";
import { KEPT_OWNER } from "../manifests/namespace";
import { type Cluster, clusterOf } from "./cluster-api";
import {
  awaitGone,
  type Claim,
  claimProblem,
  describeOtherOwner,
  isBeingDeleted,
  ownerLabel,
} from "./namespace";
import { apiMessage } from "../kube/client";
import { statusOf, within } from "../kube/wait";
import type { CleanRequest } from "../protocol/cleanup-request";

/** A namespace that a stack claims for its test. */
export interface StackClaim extends Claim {
  /** The stack that will run its test there, also if the namespace itself belongs to no stack. */
  readonly stack: string;
}

/** The same, and its cluster. */
export interface ClaimRequest extends StackClaim, Pick<CleanRequest, "kubeconfig" | "context"> {}

/**
 * Returns why a stack may not run its test with these programs; undefined if they are its own or belong to no
 * stack.
 */
export function testProblem(
  programs: V1ConfigMap,
  { namespace, stack }: Pick<StackClaim, "namespace" | "stack">,
): string | undefined {
  const owner = ownerLabel(programs) ?? stack;
  if (owner === stack) return undefined;
  return `the test in the namespace ${namespace} is another's: ${describeOtherOwner(owner, stack)}`;
}

/**
 * Returns why a namespace that an administrator keeps cannot be used now; undefined if it can, or if it is
 * not kept.
 */
export function keptProblem(found: V1Namespace, namespace: string): string | undefined {
  if (ownerLabel(found) !== KEPT_OWNER || !isBeingDeleted(found)) return undefined;
  return `the namespace ${namespace} is being deleted, and this stack does not create it (fuse-test:keepNamespace). Nothing was changed. Apply gitops/deployer again, and run the test again`;
}

/** Why a stack cannot use a cluster or a namespace. */
export interface ClaimProblem {
  /** One line. */
  readonly words: string;
  /** True if the namespace or the test in it is not this stack's: nothing of this stack is there. */
  readonly foreign: boolean;
}

/**
 * Returns the test's pods in a namespace if the namespace and the test in it are the stack's, else none. The owner is
 * read after the pods: pods are created after both objects that name it, so another stack's pods cannot be returned.
 */
export async function listOwnPods(
  cluster: Pick<Cluster, "pods" | "namespace" | "configMap">,
  claim: StackClaim,
): Promise<V1Pod[]> {
  const { namespace } = claim;
  const pods = await cluster.pods(namespace);
  if (pods.length === 0) return [];
  const [found, programs] = await Promise.all([
    cluster.namespace(namespace),
    cluster.configMap(namespace, PROGRAMS_NAME),
  ]);
  if (found === undefined || claimProblem(found, claim) !== undefined) return [];
  return programs !== undefined && testProblem(programs, claim) !== undefined ? [] : pods;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Returns the problem of a claim. Two stacks that claim it at the same time both find it free: the API server
 * then refuses one because of its field manager.
 */
async function checkClaim(
  cluster: Cluster,
  request: ClaimRequest,
  print: (line: string) => void,
): Promise<ClaimProblem | undefined> {
  const { namespace } = request;
  const found = await cluster.namespace(namespace);
  if (found === undefined) return undefined;
  const problem = claimProblem(found, request) ?? keptProblem(found, namespace);
  if (problem !== undefined) return { words: problem, foreign: true };
  if (isBeingDeleted(found)) {
    // For example after a destroy that was interrupted.
    print(`waiting until the namespace ${namespace}, which is being deleted, is gone`);
    return awaitGone(cluster, found).then(
      () => undefined,
      (error: unknown) => ({ words: `${messageOf(error)}. Nothing was changed`, foreign: false }),
    );
  }
  const programs = await cluster.configMap(namespace, PROGRAMS_NAME);
  const words = programs && testProblem(programs, request);
  return words === undefined ? undefined : { words, foreign: true };
}

/** Returns true if an error means that nothing can be done on a cluster: it does not answer, or refuses the credentials. */
function isWithoutAccess(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status === 401;
}

/**
 * Returns why a stack may not use a namespace; undefined if it may. Waits for a namespace of the stack's own
 * that is being deleted.
 * @param answering true if the API server has to answer. The update would fail at its first object, in several lines of
 * the provider's, and the state would name this cluster. Otherwise it is undefined if the server does not answer.
 */
export async function findClaim(
  request: ClaimRequest,
  print: (line: string) => void,
  { answering = false }: { readonly answering?: boolean } = {},
): Promise<ClaimProblem | undefined> {
  try {
    return await checkClaim(clusterOf(request, within(0)), request, print);
  } catch (error) {
    if (!answering || !isWithoutAccess(error)) return undefined;
    const { text } = apiMessage(error, request.namespace);
    // The sentence about a kubeconfig has its own advice.
    const words = text.startsWith("the kubeconfig ")
      ? `${text}. Nothing was changed`
      : `the API server cannot be used: ${text}. Nothing was changed. Check it: kubectl cluster-info`;
    return { words, foreign: false };
  }
}
