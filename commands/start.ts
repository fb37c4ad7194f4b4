import { newCommand } from "../tools/command-line/command";
import { requireLinux, USE_OWN_CLUSTER } from "../tools/command-line/linux";
import { ending, INTERRUPTED, runCommand } from "../tools/command-line/run";
import { clusterUp } from "../tools/cluster";
import { checkName } from "../tools/cluster/options";
import { clusterName } from "../tools/cluster/descriptor";
import { ensureEngine, ensureToolchain } from "../tools/setup";
import { clusterIsAnother } from "./cluster-identity";
import { type RunOptions, runOptions, settingsFor } from "./run-options";
import { DEFAULT_STACK, requireConfigured, stackOption } from "./stack-name";
import { runTest, selectStack, VERDICT_STATUSES } from "./run-test";

const log = (line: string): void => void process.stdout.write(`${line}\n`);

/** Starts what a stack's test needs. @returns true if what the state lists may be gone with an earlier cluster. */
async function prepare(cluster: "embedded" | "kubeconfig"): Promise<boolean> {
  if (cluster === "kubeconfig") {
    await ensureEngine({ log });
    return false;
  }
  requireLinux("npm start", USE_OWN_CLUSTER);
  await ensureToolchain({ log });
  await clusterUp({ name: clusterName(), log });
  return clusterIsAnother();
}

const command = newCommand({
  name: "npm start --",
  summary:
    "Runs the test, and prints its verdict as the last line. Installs the missing tools, starts the embedded cluster if the stack uses it, and creates and selects the stack.",
  statuses: `${VERDICT_STATUSES}; 2 also for a mistake in the command line; ${INTERRUPTED}`,
  examples: [
    "npm start                               # stack local, on the embedded cluster",
    "npm start -- --suite full               # everything, with costs and recovery",
    "npm start -- --stack homelab            # on a cluster of your own, as Pulumi.homelab.yaml says",
  ],
})
  .addOption(stackOption("the stack, by its file Pulumi.NAME.yaml").default(DEFAULT_STACK))
  .action(
    ending(async ({ stack, ...options }: RunOptions & { stack: string }) => {
      requireConfigured(stack);
      const { cluster } = settingsFor(stack, options);
      checkName(clusterName());
      const refresh = await prepare(cluster);
      await selectStack(stack);
      return runTest(stack, { refresh, options });
    }),
  );
for (const option of runOptions()) command.addOption(option);

void runCommand(command, {
  failureStatus: 2,
  afterInterrupt:
    "Continue: npm start. Or remove what it has created: npm run destroy, then npm run cluster -- down",
});
