import { type Cluster, clusterOf } from "./cluster";
import { type Claim, claimProblem } from "./namespace";
import { within } from "./patience";
import type { CleanRequest } from "./request";

/** Which namespace is wanted, where, and by which stack. */
export type ClaimRequest = Claim & Pick<CleanRequest, "kubeconfig" | "context">;

/** Two stacks that come at the same moment both find it free: the API server then refuses one by its field manager. */
async function foundNow(cluster: Cluster, claim: Claim): Promise<string | undefined> {
  const found = await cluster.namespace(claim.namespace);
  return found && claimProblem(found, claim);
}

/** Why a stack may not use a namespace, in one line; undefined where it may, or where nobody answers: that is told later. */
export async function findClaim(request: ClaimRequest): Promise<string | undefined> {
  try {
    return await foundNow(clusterOf(request, within(0)), request);
  } catch {
    return undefined;
  }
}
