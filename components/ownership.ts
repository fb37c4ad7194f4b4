import * as pulumi from "@pulumi/pulumi";
import { type ClaimRequest, findClaim } from "../cleanup/ownership";

/**
 * Checks that the namespace and the test in it are free or this stack's own, before anything is created. The
 * promise resolves if they are, and otherwise stays pending: a resource with a rejected input would wrap the
 * message into errors of its own. The program then fails with an unhandled error, whose message the engine
 * shows alone.
 */
export function requireFree(request: ClaimRequest): Promise<void> {
  return new Promise((resolve) => {
    void findClaim(request, (line) => void pulumi.log.info(line)).then((problem) => {
      if (problem !== undefined) throw new pulumi.RunError(problem);
      resolve();
    });
  });
}
