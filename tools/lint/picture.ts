import { readFileSync, writeFileSync } from "node:fs";
import { newCommand } from "../command-line/command";
import { ending, runCommand } from "../command-line/run";
import { ARCHITECTURE, withPicture } from "./imports";

const command = newCommand({
  name: "npm run picture --",
  summary: "Draws the imports between the folders in docs/architecture.md as they are.",
  statuses: "0 drawn, 1 the document has no place for them, 2 for a mistake in the command line",
  examples: ["npm run picture                         # after an import that is new between two folders"],
}).action(
  ending(() => {
    writeFileSync(ARCHITECTURE, withPicture(readFileSync(ARCHITECTURE, "utf8")));
    return Promise.resolve(0);
  }),
);

void runCommand(command, { failureStatus: 1 });
