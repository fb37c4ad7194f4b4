import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { newCommand } from "../tools/command-line/command";
import { ending, INTERRUPTED, runCommand } from "../tools/command-line/run";
import { renderedFiles } from "./render";

function render(): number {
  for (const [path, text] of Object.entries(renderedFiles())) {
    const file = join(__dirname, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    process.stdout.write(`gitops/${path}\n`);
  }
  return 0;
}

const command = newCommand({
  name: "npm run render --",
  summary: "Renders the files of gitops/ from the manifests of the program.",
  statuses: `0 written, 1 a file cannot be written, 2 for a mistake in the command line, ${INTERRUPTED}`,
  examples: ["npm run render                          # then: git diff gitops"],
}).action(ending(render));

void runCommand(command, { failureStatus: 1, afterInterrupt: "Run it again: npm run render" });
