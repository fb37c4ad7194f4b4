import assert from "node:assert/strict";
import { readDescriptor } from "../../tools/cluster/descriptor";
import { openApi } from "../support/api";
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

const NAMESPACE = "fuse-test";

async function kubectl(...args: readonly string[]): Promise<void> {
  const { allowed, message } = await openApi(readDescriptor(E2E_CLUSTER).kubeconfig).kubectl(args);
  assert.ok(allowed, message);
}

function setFinalizers(finalizers: readonly string[]): Promise<void> {
  const patch = JSON.stringify({ metadata: { finalizers } });
  return kubectl("patch", "namespace", NAMESPACE, "--type=merge", "--patch", patch);
}

describe("what a user does by hand to a test that is deployed", function () {
  this.timeout(300_000);
  let stack: TestStack;

  before(async () => {
    stack = await stackForFaults();
  });

  after(async () => {
    await stack.remove();
  });

  /** Refreshes, brings up what is missing, and expects a SUCCESS of the same run. */
  async function refreshAndUp(run: string): Promise<void> {
    const refreshed = await stack.pulumi("refresh", ...UNASKED);
    assert.equal(refreshed.code, 0, words(refreshed));
    await assertSuccess(stack, run, await stack.pulumi("up", ...UNASKED));
  }

  it("is fixed by refresh and up where the pods, and then the namespace, were deleted", async () => {
    const run = newRun(stack);
    await assertSuccess(stack, run, await stack.pulumi("up", ...UNASKED));
    await kubectl("delete", "pods", "--all", "--namespace", NAMESPACE);
    await refreshAndUp(run);
    await kubectl("delete", "namespace", NAMESPACE);
    await refreshAndUp(run);
    await destroyCleanly(stack, "pods and then the namespace deleted by hand, refresh, up");
  });

  it("does not stop a destroy that comes at once after the namespace was deleted", async () => {
    await deploy(stack);
    await kubectl("delete", "namespace", NAMESPACE, "--wait=false");
    await destroyCleanly(stack, "namespace deleted by hand, then destroy");
  });

  it("is reported by a destroy where a finalizer holds the namespace, which one more destroy cleans", async () => {
    await deploy(stack);
    await setFinalizers(["example.com/hold"]);
    // The finalizer goes whatever the assertions find, or the tests that follow would meet the namespace.
    try {
      const destroyed = await stack.pulumi("destroy", ...UNASKED);
      assert.notEqual(destroyed.code, 0);
      assert.match(
        words(destroyed),
        /the namespace fuse-test cannot be deleted while it has the finalizers example\.com\/hold/,
      );
      assert.match(
        words(destroyed),
        /the namespace fuse-test is still being deleted after 60 s: .*its finalizers are example\.com\/hold\. Remove what blocks it, and run this again/,
      );
      assert.deepEqual(await leftovers(E2E_CLUSTER), {
        mounts: [],
        directories: [],
        objects: [`Namespace/${NAMESPACE}`],
        processes: [],
      });
    } finally {
      await setFinalizers([]);
    }
    await destroyCleanly(stack, "namespace held by a foreign finalizer, then freed");
  });
});
