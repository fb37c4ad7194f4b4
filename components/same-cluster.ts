import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { clusterProblem } from "../kube/deployed-cluster";

/** The inputs by which the test's component keeps its cluster in the state. */
const inputs = z.object({
  kubeconfig: z.string(),
  context: z.string(),
  cluster: z.string(),
  server: z.string(),
  authority: z.string(),
});

/**
 * Refuses an update to another cluster than the one that the state names, before anything is changed. Without it, the
 * cleanup's request would be replaced, and nothing would list what is on the first cluster.
 */
export function refuseOtherCluster({ oldInputs, newInputs }: pulumi.ResourceHookArgs): void {
  const [deployed, next] = [inputs.safeParse(oldInputs), inputs.safeParse(newInputs)];
  // A state of an earlier version names no cluster.
  if (!deployed.success || !next.success) return;
  const problem = clusterProblem(deployed.data, next.data);
  if (problem !== undefined) throw new pulumi.RunError(problem);
}
