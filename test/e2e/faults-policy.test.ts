import assert from "node:assert/strict";
import { clusterApi } from "../support/clients";
import { destroyCleanly, newRun, stackForFaults, UNASKED } from "../support/faults";
import type { TestStack } from "../support/stack";

async function pods(): Promise<string[]> {
  const { items } = await clusterApi().listNamespacedPod({
    namespace: "fuse-test",
    labelSelector: "fuse-test/role",
  });
  return items.map(({ metadata }) => metadata?.name ?? "").sort();
}

describe("a policy that is violated half-way through an update", function () {
  this.timeout(120_000);
  let stack: TestStack;

  before(async () => {
    stack = await stackForFaults();
  });

  after(async () => {
    await stack.remove();
  });

  it("stops it with the producer made and no consumer, without a verdict, and destroy clears what was made", async () => {
    const run = newRun(stack);
    const packs = ["policy", "test/support/refuses-consumers"].flatMap((pack) => ["--policy-pack", pack]);
    const up = await stack.pulumi("up", ...UNASKED, ...packs);
    assert.notEqual(up.code, 0);
    // What a person reads last says what to fix.
    assert.match(
      up.stdout,
      /\nThis update was stopped, and has no verdict\. Fix this, then run it again:\n {2}- fuse-test-consumer: There is no consumer\.\n {4}this is a consumer \(policy no-consumer\)\n$/,
    );
    const made = await pods();
    assert.ok(made.includes("fuse-producer"), made.join());
    assert.ok(!made.includes("fuse-consumer"), made.join());
    const { stdout } = await stack.pulumi("stack output", "--json");
    const outputs = JSON.parse(stdout) as { verdict: string; cause: string; run: { id: string } };
    assert.deepEqual([outputs.verdict, outputs.cause, outputs.run.id], ["ERROR", "interrupted", run]);
    await destroyCleanly(stack, "policy violated half-way");
  });
});
