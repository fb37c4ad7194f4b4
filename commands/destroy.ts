import { newCommand } from "../tools/command-line/command";
import { ending, INTERRUPTED, runCommand } from "../tools/command-line/run";
import { runPulumi } from "./pulumi";
import { existingStack, namedStack, parseStackName, stackOption } from "./stack-name";

const command = newCommand({
  name: "npm run destroy --",
  summary: "Removes the test of a stack from the cluster and from the node. The stack and the cluster stay.",
  statuses: `0 when nothing of the test is left, 2 for a mistake in the command line, ${INTERRUPTED}, else another one`,
  examples: [
    "npm run destroy                         # the selected stack's test",
    "npm run destroy -- homelab              # another stack's",
  ],
})
  .argument("[stack]", "the stack; the selected one by default", parseStackName)
  .addOption(stackOption("the stack, as an option"))
  .action(
    ending(async (word: string | undefined, { stack: named }: { stack?: string }) => {
      const stack = await existingStack(namedStack(word, named));
      return (await runPulumi(["destroy", "--stack", stack, "--yes", "--skip-preview"])).code;
    }),
  );

void runCommand(command, {
  failureStatus: 1,
  afterInterrupt: "Something may be left. Run it again: npm run destroy",
});
