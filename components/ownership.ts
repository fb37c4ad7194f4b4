import * as pulumi from "@pulumi/pulumi";
import { type ClaimProblem, type ClaimRequest, findClaim } from "../cleanup/ownership";

/** Resolves with why the namespace, or the test in it, cannot be this stack's; undefined if it can. */
export function findProblem(request: ClaimRequest): Promise<ClaimProblem | undefined> {
  const print = (line: string): void => void pulumi.log.info(line);
  // A preview needs no cluster.
  return findClaim(request, print, { answering: !pulumi.runtime.isDryRun() });
}

/**
 * Returns a promise that is fulfilled when the engine has registered the test, whose hook compares the clusters, and the
 * namespace is free or this stack's own. Nothing is made before. Otherwise the promise stays as it is: a resource that it
 * reached as a rejected input would wrap the sentence into errors of its own. The program ends by an unhandled
 * error, whose message the engine shows alone.
 */
export function requireFree(
  problem: Promise<ClaimProblem | undefined>,
  registered: Promise<void>,
): Promise<void> {
  return new Promise((resolve) => {
    void Promise.all([problem, registered]).then(([found]) => {
      if (found !== undefined) throw new pulumi.RunError(found.words);
      resolve();
    });
  });
}
