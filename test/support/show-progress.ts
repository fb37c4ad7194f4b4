import { runPulumi } from "../../commands/pulumi";

// What the commands show of the engine, for a test that gives it a terminal and a stack of its own.
void runPulumi(process.argv.slice(2)).then(({ code }) => {
  process.exitCode = code;
});
