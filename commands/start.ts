import { clusterUp } from "../cluster";
import { clusterName } from "../cluster/descriptor";
import { ensureToolchain } from "../toolchain";
import { clusterIsAnother } from "./cluster-identity";
import { main } from "./main";
import { runTest } from "./test-stack";

const log = (line: string): void => void process.stdout.write(`${line}\n`);

main(async () => {
  if (process.platform !== "linux") {
    throw new Error(
      `npm start: the embedded cluster needs Linux, this is ${process.platform}. Use a cluster of your own: npm run setup -- engine, then: npx pulumi up --stack homelab`,
    );
  }
  await ensureToolchain({ log });
  await clusterUp({ name: clusterName(), log });
  return runTest("local", { refresh: await clusterIsAnother() });
});
