import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { chooseCluster, type ClusterChoice, type StackSettings } from "../kube/cluster-choice";
import { projectValues, readSettings } from "../config/settings";
import { resolveSettings } from "../tools/cluster/resolve-settings";
import { ownerOf } from "../config/stack-id";
import { lastRun, withChoices } from "../config/run-id";
import { stateHome } from "../tools/setup/paths";

/**
 * Reads the settings of the stack that the engine runs.
 * @throws pulumi.RunError, which the engine shows without a stack trace, for a user's mistake.
 */
export function stackSettings(): StackSettings & ClusterChoice {
  try {
    const values = projectValues(pulumi.runtime.allConfig(), pulumi.getProject());
    const last = lastRun(pulumi.getStack());
    const resolved = resolveSettings(readSettings(withChoices(values, last), last?.run));
    return { ...resolved, ...chooseCluster(resolved, join(stateHome(), "kubeconfigs")) };
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}

/** Returns the stack that the engine runs, as a label's value. */
export function stackOwner(): string {
  return ownerOf({
    organization: pulumi.getOrganization(),
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    backend: process.env.PULUMI_BACKEND_URL ?? "",
  });
}
