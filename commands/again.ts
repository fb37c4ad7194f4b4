import { newCommand } from "../tools/command-line/command";
import { ending, INTERRUPTED, runCommand } from "../tools/command-line/run";
import { type RunOptions, runOptions, settingsFor } from "./run-options";
import { existingStack, namedStack, parseStackName, stackOption } from "./stack-name";
import { runTest, VERDICT_STATUSES } from "./run-test";

const command = newCommand({
  name: "npm run again --",
  summary: "Runs the test again as a new run, and prints its verdict as the last line.",
  statuses: `${VERDICT_STATUSES}; 2 also for a mistake in the command line; ${INTERRUPTED}`,
  examples: [
    "npm run again                           # on the selected stack",
    "npm run again -- --suite full           # the same with another suite, for this run",
  ],
})
  .argument("[stack]", "the stack; the selected one by default", parseStackName)
  .addOption(stackOption("the stack, as an option"))
  .action(
    ending(
      async (word: string | undefined, { stack: named, ...options }: RunOptions & { stack?: string }) => {
        const stack = await existingStack(namedStack(word, named));
        settingsFor(stack, options);
        return runTest(stack, { options });
      },
    ),
  );
for (const option of runOptions()) command.addOption(option);

void runCommand(command, {
  failureStatus: 2,
  afterInterrupt: "This run has no verdict. Run it again: npm run again; or remove it: npm run destroy",
});
