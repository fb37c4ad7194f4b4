import * as pulumi from "@pulumi/pulumi";
import { type ClaimRequest, findClaim } from "./lifecycle/claim";

async function refuse(request: ClaimRequest): Promise<void> {
  const problem = await findClaim(request, (line) => void pulumi.log.info(line));
  if (problem !== undefined) throw new pulumi.RunError(problem);
}

/**
 * Makes sure that the namespace and the test in it are free or this stack's own, before anything is made.
 * @throws pulumi.RunError, which the engine shows without a stack trace.
 */
export function requireFree(request: ClaimRequest): Promise<void> {
  const free = refuse(request);
  // It can be refused before a component asks, which Node.js would warn of.
  free.catch(() => undefined);
  return free;
}
