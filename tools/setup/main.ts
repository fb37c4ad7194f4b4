import { choiceArgument, newCommand } from "../command-line/command";
import { requireLinux } from "../command-line/linux";
import { ending, INTERRUPTED, runCommand } from "../command-line/run";
import { describeToolchain, ensureEngine, ensureToolchain } from "./index";

const log = (line: string): void => void process.stdout.write(`${line}\n`);

const command = newCommand({
  name: "npm run setup --",
  summary: "Gets the tools that are missing, and says which are used and why.",
  statuses: `0 all is there, 1 something could not be installed, 2 for a mistake in the command line, ${INTERRUPTED}`,
  examples: [
    "npm run setup                           # everything, for the embedded cluster; needs root",
    "npm run setup -- engine                 # only what a cluster of your own needs; needs no root",
  ],
})
  .addArgument(choiceArgument("[part]", "a part of the tools alone", ["engine"]))
  .action(
    ending(async (part: string | undefined) => {
      if (part !== "engine") {
        requireLinux("npm run setup", "For a cluster of your own: npm run setup -- engine");
      }
      const chosen =
        part === "engine" ? { engine: await ensureEngine({ log }) } : await ensureToolchain({ log });
      for (const line of describeToolchain(chosen)) log(line);
      return 0;
    }),
  );

void runCommand(command, { failureStatus: 1, afterInterrupt: "Continue: npm run setup" });
