import assert from "node:assert/strict";
import { removeAllPods, removeEarlierPods } from "../../cleanup/previous-run";
import { clusterApi } from "../support/clients";
import { testCluster } from "../support/cluster";
import {
  assertSuccess,
  destroyCleanly,
  newRun,
  stackForFaults,
  UNASKED,
  verdictOf,
  words,
} from "../support/faults";
import { onNode } from "../support/nodes";
import type { TestStack } from "../support/stack";

/** With the guard, which is one for the whole cluster, two stacks would already meet there. */
const UNGUARDED = { guard: false } as const;

/** What shows whether a user touched a test: its pods, and its mount. */
async function whatIsDeployed(): Promise<readonly string[]> {
  const { items } = await clusterApi().listNamespacedPod({ namespace: "fuse-test" });
  const mounts = await onNode("w2", ["grep", " /tmp/fuse-test-bridge/[^ /]*/mount ", "/proc/1/mountinfo"]);
  return [...items.map(({ metadata }) => metadata?.uid ?? ""), mounts];
}

describe("two stacks of different checkouts that aim at the same node and namespace", function () {
  this.timeout(240_000);
  let stacks: TestStack[];
  let winner: TestStack;
  let loser: TestStack;

  before(async () => {
    stacks = [await stackForFaults(), await stackForFaults()];
  });

  after(async () => {
    for (const stack of stacks) await stack.remove();
  });

  it("are not both served where they come at once: one gets its verdict, and the other is informed whose it is", async () => {
    const runs = stacks.map((stack) => newRun(stack, UNGUARDED));
    const ups = await Promise.all(stacks.map((stack) => stack.pulumi("up", ...UNASKED)));
    const won = ups.findIndex(({ code }) => code === 0);
    const [first, second] = won === 0 ? [0, 1] : [1, 0];
    const [one, other] = [stacks[first], stacks[second]];
    assert.ok(one && other);
    [winner, loser] = [one, other];
    await assertSuccess(winner, runs[first] ?? "", ups[first] ?? { code: null, stdout: "", stderr: "" });
    const refused = ups[second];
    assert.ok(refused);
    assert.notEqual(refused.code, 0);
    // Who comes at the same moment is refused by the API server, who comes a moment later by the program.
    assert.match(
      words(refused),
      /belongs to the stack local-[0-9a-f]{8}|conflicts? with "fuse-test-local-[0-9a-f]{8}"/,
    );
    const { verdict, cause, run } = await verdictOf(loser);
    assert.deepEqual([verdict, cause, run.id], ["ERROR", "interrupted", runs[second]]);
  });

  it("are distinguished: the second is refused in one clear line, and the first one's test is untouched", async () => {
    const before = await whatIsDeployed();
    // Of two stacks that come at once, one may find the other's pods only when it removes those of an earlier run.
    const { kubeconfig } = await testCluster();
    const [stack, namespace] = ["local-00000000", "fuse-test"];
    const request = { kubeconfig, namespace, node: "w2", owner: stack, stack, pods: [] };
    assert.deepEqual(await removeEarlierPods(request), []);
    await removeAllPods(request);
    assert.deepEqual(await whatIsDeployed(), before);
    newRun(loser, UNGUARDED);
    const refused = await loser.pulumi("up", ...UNASKED);
    assert.notEqual(refused.code, 0);
    assert.match(
      words(refused),
      /^ *error: the namespace fuse-test is another test's: it belongs to the stack local-[0-9a-f]{8}, and this one is local-[0-9a-f]{8}\. Nothing in it was changed\. Destroy that stack in the checkout that deployed it; if its state is lost, run: npm run clean$/m,
    );
    assert.doesNotMatch(words(refused), /serializ|unhandled/);
    const destroyed = await loser.pulumi("destroy", ...UNASKED);
    assert.equal(destroyed.code, 0, words(destroyed));
    assert.deepEqual(await whatIsDeployed(), before);
    const unchanged = await winner.pulumi("up", ...UNASKED, "--expect-no-changes");
    assert.equal(unchanged.code, 0, words(unchanged));
    await destroyCleanly(winner, "a second stack aimed at the same namespace");
  });
});
