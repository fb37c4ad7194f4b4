import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ClaimProblem } from "../cleanup/ownership";
import { clusterProblem, type DeployedCluster } from "../kube/deployed-cluster";

/** The inputs by which the test's component keeps its cluster in the state. */
const inputs = z.object({
  kubeconfig: z.string(),
  context: z.string(),
  cluster: z.string(),
  server: z.string(),
  authority: z.string(),
  /** False if the stack was refused the cluster or the namespace: then nothing is deployed there. */
  claimed: z.boolean(),
});

/** Returns the inputs by which the test's component keeps its cluster in the state. */
export function keptCluster(
  deployedOn: DeployedCluster,
  problem: Promise<ClaimProblem | undefined>,
): pulumi.Inputs {
  return { ...deployedOn, claimed: problem.then((found) => found === undefined) };
}

/**
 * Returns a hook for updates of the test's component. It refuses another cluster than the one that the state names before
 * anything is changed. Without it, the cleanup's request would be replaced, and nothing would list what is on the first
 * cluster. An update that cannot be carried out for another reason fails here too, so that the state stays as it is; but
 * if the namespace is not this stack's, nothing of it is there, and the program reports that in a plain sentence
 * (`requireFree`), to which the engine would add words of its own here.
 */
export function sameClusterHook(problem: Promise<ClaimProblem | undefined>): pulumi.ResourceHookFunction {
  return async ({ oldInputs, newInputs }) => {
    const [deployed, next] = [inputs.safeParse(oldInputs), inputs.safeParse(newInputs)];
    // A state of an earlier version names no cluster.
    if (!deployed.success || !next.success || !deployed.data.claimed) return;
    const found = await problem;
    const unusable = found?.foreign === false ? found.words : undefined;
    // If no cluster can be read, the reason is more useful than that it is another one.
    const unread = next.data.server === "" ? unusable : undefined;
    const words = unread ?? clusterProblem(deployed.data, next.data) ?? unusable;
    if (words !== undefined) throw new pulumi.RunError(words);
  };
}
