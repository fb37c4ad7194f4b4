import * as pulumi from "@pulumi/pulumi";
import { type ClaimRequest, findClaim } from "../cleanup/ownership";

/**
 * Makes sure that the namespace and the test in it are free or this stack's own, before anything is made. The promise
 * is fulfilled when they are, and otherwise stays as it is: a resource that it reached as a rejected input would wrap
 * the sentence into errors of its own. The program ends by an error that nobody handles, whose message the engine shows
 * alone.
 */
export function requireFree(request: ClaimRequest): Promise<void> {
  return new Promise((resolve) => {
    void findClaim(request, (line) => void pulumi.log.info(line)).then((problem) => {
      if (problem !== undefined) throw new pulumi.RunError(problem);
      resolve();
    });
  });
}
