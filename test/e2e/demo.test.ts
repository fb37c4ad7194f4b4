import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FAULTS, type FaultName } from "../../commands/demo/faults";
import { parseReport } from "../../report/contents";
import { tracesOfCluster } from "../support/cluster";
import { runProgram } from "../support/command-lines";
import { E2E_CLUSTER } from "../support/names";

const project = join(__dirname, "..", "..");
const environment = { FUSE_TEST_CLUSTER: E2E_CLUSTER };
const demoCluster = `${E2E_CLUSTER}-demo`;

describe("the demo", function () {
  this.timeout(240_000);

  for (const [name, { verdict, cause }] of Object.entries(FAULTS) as [
    FaultName,
    (typeof FAULTS)[FaultName],
  ][]) {
    it(`of ${name} ends with ${verdict} ${cause}, whose report names it, and leaves nothing`, async () => {
      const { status, stdout, stderr } = await runProgram("commands/demo/main.ts", [name], { environment });
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, new RegExp(`^verdict: ${verdict} \\(${cause}\\)$`, "m"));
      const folder = /^report: (.+)$/m.exec(stdout)?.[1] ?? "";
      const file = join(folder, "report.json");
      assert.equal(parseReport(readFileSync(file, "utf8"), file).cause, cause);
      assert.ok(readFileSync(join(folder, "report.html"), "utf8").includes(cause));
      assert.equal(folder, join(project, "reports", `demo-${name}`));
      assert.deepEqual(tracesOfCluster(demoCluster), []);
    });
  }

  for (const after of [/starting cluster/, /waiting for the producer/]) {
    it(`that is interrupted after "${after.source}" takes its cluster down`, async () => {
      const interrupt = { after, signal: "SIGINT" } as const;
      const { status, stdout, stderr } = await runProgram("commands/demo/main.ts", ["hung-daemon"], {
        environment,
        interrupt,
      });
      assert.match(stdout, /stopping: the demo's cluster is taken down/);
      assert.doesNotMatch(stdout, /^verdict: SUCCESS/m);
      assert.deepEqual([status, stderr], [130, "npm run demo: interrupted (SIGINT)\n"], stdout);
      assert.deepEqual(tracesOfCluster(demoCluster), []);
    });
  }
});
