import * as pulumi from "@pulumi/pulumi";
import { type ClaimRequest, findClaim } from "./lifecycle/claim";

/**
 * Makes sure that the namespace and the test in it are free or this stack's own, before anything is made.
 * @throws pulumi.RunError, which the engine shows without a stack trace.
 */
export async function requireFree(request: ClaimRequest): Promise<void> {
  const problem = await findClaim(request);
  if (problem !== undefined) throw new pulumi.RunError(problem);
}
