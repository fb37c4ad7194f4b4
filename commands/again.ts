import { main } from "./main";
import { readPulumi } from "./pulumi";
import { runTest } from "./test-stack";

main(async () => {
  const stack = process.argv[2] ?? (await readPulumi(["stack", "--show-name"])).trim();
  return runTest(stack);
});
