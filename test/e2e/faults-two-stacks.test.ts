import assert from "node:assert/strict";
import {
  assertSuccess,
  deploy,
  destroyCleanly,
  newRun,
  stackForFaults,
  UNASKED,
  words,
} from "../support/faults";
import { leftovers } from "../support/leftovers";
import { E2E_CLUSTER } from "../support/names";
import type { TestStack } from "../support/stack";

// The guard keeps tests out of every namespace but its own.
const first = { guard: false } as const;
const second = { guard: false, namespace: "fuse-test-second" } as const;

describe("two stacks with the same directory of the same node, in namespaces of their own", function () {
  this.timeout(240_000);
  let one: TestStack;
  let other: TestStack;
  let otherRun: string;

  before(async () => {
    one = await stackForFaults();
    other = await stackForFaults();
  });

  after(async () => {
    await one.remove();
    await other.remove();
  });

  async function mounts(): Promise<readonly string[]> {
    return (await leftovers(E2E_CLUSTER)).mounts;
  }

  it("run beside each other, each in the directory of its run", async () => {
    const { run } = await deploy(one, first);
    const deployed = await deploy(other, second);
    otherRun = deployed.run;
    assert.doesNotMatch(words(deployed), /earlier run/);
    assert.deepEqual(
      [...(await mounts())].sort(),
      [run, otherRun].map((id) => `w2:/tmp/fuse-test-bridge/${id}/mount`).sort(),
    );
  });

  it("do not disturb each other if one is run again and then destroyed", async () => {
    const run = newRun(one, first);
    const up = await one.pulumi("up", ...UNASKED);
    await assertSuccess(one, run, up);
    const destroyed = await one.pulumi("destroy", ...UNASKED);
    assert.equal(destroyed.code, 0, words(destroyed));
    for (const said of [up, destroyed]) assert.doesNotMatch(words(said), /left on w2|removed \d+ mount/);
    const left = await leftovers(E2E_CLUSTER);
    assert.deepEqual(
      [left.mounts, left.directories],
      [[`w2:/tmp/fuse-test-bridge/${otherRun}/mount`], ["w2:/tmp/fuse-test-bridge"]],
    );
    const unchanged = await other.pulumi("up", ...UNASKED, "--expect-no-changes");
    assert.equal(unchanged.code, 0, words(unchanged));
    await destroyCleanly(other, "the second of two stacks");
  });
});
