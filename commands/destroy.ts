import { main } from "./main";
import { runPulumi } from "./pulumi";
import { selectStack } from "./test-stack";

main(async () => {
  const stack = process.argv[2] ?? "local";
  await selectStack(stack);
  return runPulumi(["destroy", "--stack", stack, "--yes", "--skip-preview"]);
});
