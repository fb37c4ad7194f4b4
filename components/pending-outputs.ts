import * as pulumi from "@pulumi/pulumi";
import type { ClusterNames } from "../kube/connection";
import type { PodSettings } from "../manifests/common";
import { unjudged, type Verdict } from "../protocol/verdict";

/** Returns the outputs that a stack has while an update runs, and after an update that was killed. */
function interimVerdict(pods: PodSettings, now: Date, cluster?: ClusterNames): Verdict {
  const { run: id, node, namespace, driver, image } = pods;
  return unjudged(
    {
      cause: "interrupted",
      summary: `The update for run ${id} did not finish: there is no verdict`,
      nextSteps: [
        "Read the output of pulumi up",
        "Run pulumi up again; if objects of the stack were deleted by hand, run first: npx pulumi refresh",
      ],
    },
    { start: now, end: now, id, ...cluster, node, namespace, driver, image },
  );
}

/**
 * Registers an ERROR as the stack's outputs before anything else happens. If an update fails or is
 * interrupted, the engine keeps the previous outputs (`executeRegisterResourceOutputs` in
 * pulumi/pkg/resource/deploy/step_executor.go), and an old SUCCESS would be read as this run's. The program's
 * own outputs replace it when the program finishes.
 */
export function announceRun(pods: PodSettings, cluster: ClusterNames | undefined): void {
  const stack = pulumi.runtime.getStackResource();
  if (pulumi.runtime.isDryRun() || stack === undefined) return;
  pulumi.runtime.registerResourceOutputs(
    stack,
    Promise.resolve({ ...interimVerdict(pods, new Date(), cluster) }),
  );
}
