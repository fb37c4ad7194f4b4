import type { V1ConfigMap, V1Namespace } from "@kubernetes/client-node";
import { PROGRAMS_NAME } from "../manifests/common";
import { type Cluster, clusterOf } from "./cluster";
import { anothers, type Claim, claimProblem, ownerLabel } from "./namespace";
import { within } from "./patience";
import type { CleanRequest } from "./request";

/** Which namespace is wanted, where, and by which stack. */
export interface ClaimRequest extends Claim, Pick<CleanRequest, "kubeconfig" | "context"> {
  /** The stack that wants to run its test there, also where the namespace belongs to nobody's. */
  readonly stack: string;
}

/** Why a stack may not run its test where these programs are; undefined where they are its own, or nobody's. */
export function testProblem(
  programs: V1ConfigMap,
  { namespace, stack }: Pick<ClaimRequest, "namespace" | "stack">,
): string | undefined {
  const owner = ownerLabel(programs) ?? stack;
  if (owner === stack) return undefined;
  return `the test in the namespace ${namespace} is another's: ${anothers(owner, stack)}`;
}

/** Why a stack has to wait for a namespace that is its own, or would be; undefined where it is not going. */
export function goingProblem({ metadata }: V1Namespace, namespace: string): string | undefined {
  if (metadata?.deletionTimestamp === undefined) return undefined;
  return `the namespace ${namespace} is still being deleted, as after a destroy that was interrupted. Nothing was changed. Finish that: npx pulumi destroy, and then run the test again`;
}

/** Two stacks that come at the same moment both find it free: the API server then refuses one by its field manager. */
async function foundNow(cluster: Cluster, request: ClaimRequest): Promise<string | undefined> {
  const found = await cluster.namespace(request.namespace);
  const problem = found && (claimProblem(found, request) ?? goingProblem(found, request.namespace));
  if (problem !== undefined) return problem;
  const programs = await cluster.configMap(request.namespace, PROGRAMS_NAME);
  return programs && testProblem(programs, request);
}

/** Why a stack may not use a namespace, in one line; undefined where it may, or where nobody answers: that is told later. */
export async function findClaim(request: ClaimRequest): Promise<string | undefined> {
  try {
    return await foundNow(clusterOf(request, within(0)), request);
  } catch {
    return undefined;
  }
}
