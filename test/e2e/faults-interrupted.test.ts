import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  assertSuccess,
  deploy,
  destroyCleanly,
  newRun,
  stackForFaults,
  UNASKED,
  words,
} from "../support/faults";
import type { Verdict } from "../../protocol/verdict";
import type { TestStack } from "../support/stack";

/** What the engine has just said when it is interrupted, from its first object to its last. */
const moments = [
  { moment: "the namespace is being made", said: /Namespace fuse-test creating/, signal: "SIGKILL" },
  { moment: "the preflight runs", said: /Command fuse-test-preflight creating/, signal: "SIGTERM" },
  { moment: "the producer is being made", said: /Pod fuse-test-producer creating/, signal: "SIGKILL" },
  { moment: "the consumers are being made", said: /Pod fuse-test-consumer creating/, signal: "SIGKILL" },
  { moment: "the verdict is awaited", said: /Command fuse-test-verdict creating/, signal: "SIGINT" },
] as const;

const momentsOfDestroy = [
  { step: "it removes the pods", said: /cleanup: remove the pods/ },
  { step: "the janitor works", said: /cleanup: clean the node/ },
  { step: "it removes the namespace", said: /cleanup: remove the namespace/ },
] as const;

/** An ERROR of this very run; or, where the engine was killed before it had written that, nothing at all. */
async function assertOwnOutputs(stack: TestStack, run: string): Promise<void> {
  const output = await stack.pulumi("stack output", "--json");
  if (output.code === 0) {
    const { verdict, cause, run: shown } = JSON.parse(output.stdout) as Verdict;
    assert.deepEqual([verdict, cause, shown.id], ["ERROR", "interrupted", run]);
  } else {
    assert.deepEqual([output.code, output.stdout], [1, ""]);
    assert.match(output.stderr, /was killed and gave no verdict: the outputs are of run fault-\d+,/);
    assert.ok(!output.stderr.includes(`of run ${run},`), output.stderr);
  }
}

describe("a command that is interrupted", function () {
  this.timeout(240_000);
  let stack: TestStack;

  before(async () => {
    stack = await stackForFaults();
  });

  after(async () => {
    await stack.remove();
  });

  for (const { moment, said, signal } of moments) {
    it(`leaves nothing after one destroy, if an up got ${signal} while ${moment}`, async () => {
      newRun(stack);
      const up = stack.start("up", ...UNASKED);
      await up.printed(said);
      up.signal(signal);
      const { code } = await up.ended;
      assert.notEqual(code, 0);
      await destroyCleanly(stack, `up, ${signal} while ${moment}`);
    });
  }

  for (const { step, said } of momentsOfDestroy) {
    // Each begins with a whole test: once the namespace is being deleted, the next destroy may find it gone.
    it(`leaves nothing after one more destroy, if a destroy is killed while ${step}`, async () => {
      await deploy(stack);
      const destroy = stack.start("destroy", ...UNASKED);
      await destroy.printed(said);
      destroy.signal("SIGKILL");
      await destroy.ended;
      await destroyCleanly(stack, `destroy, SIGKILL while ${step}`);
    });
  }

  it("is followed by an up that adopts the pods which it had created, but not yet recorded", async () => {
    const { run } = await deploy(stack);
    const { stdout } = await stack.pulumi("stack", "--show-urns");
    const [producer = ""] = /urn:\S+Pod::fuse-test-producer/.exec(stdout) ?? [];
    const forgotten = await stack.pulumi("state delete", producer, "--target-dependents", "--yes");
    assert.equal(forgotten.code, 0, words(forgotten));
    assert.ok(!(await stack.pulumi("stack", "--show-urns")).stdout.includes(producer));
    await assertSuccess(stack, run, await stack.pulumi("up", ...UNASKED));
    await destroyCleanly(stack, "up over pods that are not in the state");
  });

  it("is followed by an up that works, if a destroy is killed at any of its steps", async () => {
    await deploy(stack);
    for (const { said } of momentsOfDestroy) {
      const destroy = stack.start("destroy", ...UNASKED);
      await destroy.printed(said);
      destroy.signal("SIGKILL");
      await destroy.ended;
      const run = newRun(stack);
      const up = await stack.pulumi("up", ...UNASKED);
      await assertSuccess(stack, run, up);
    }
    await destroyCleanly(stack, "destroys that die, each followed by an up");
  });

  it("names the file to remove, if an older engine was killed while it wrote the state's attributes", async () => {
    const attributes = join(stack.folder, ".pulumi", "stacks", "fuse-test", "local.json.attrs");
    assert.equal(existsSync(attributes), false, "the engine writes attributes beside the state");
    writeFileSync(attributes, "");
    const refused = await stack.pulumi("up", ...UNASKED);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /local\.json\.attrs is damaged \(.*\), the state is not\. Remove that file: rm /,
    );
    rmSync(attributes);
    const exported = await stack.pulumi("stack export");
    assert.equal(exported.code, 0, words(exported));
  });

  it("never shows an old SUCCESS as the verdict of a rerun that dies, and is followed by an up that works", async () => {
    await deploy(stack);
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const run = newRun(stack);
      const up = stack.start("up", ...UNASKED);
      await up.printed(/Pod fuse-test-producer creating/);
      up.signal(signal);
      await up.ended;
      await assertOwnOutputs(stack, run);
    }
    const again = await stack.pulumi("up", ...UNASKED);
    assert.equal(again.code, 0, words(again));
    assert.match(again.stderr, /removed the lock of process \d+, which was killed/);
    assert.equal((await stack.pulumi("stack output", "verdict")).stdout.trim(), "SUCCESS");
  });

  it("shows no verdict at all of a rerun that dies before its program runs, and the new run's after it", async () => {
    newRun(stack);
    const up = stack.start("up", ...UNASKED);
    await up.printed(/Updating \(local\)/);
    up.signal("SIGKILL");
    await up.ended;
    const output = await stack.pulumi("stack output", "verdict");
    assert.deepEqual([output.code, output.stdout], [1, ""]);
    assert.match(
      output.stderr,
      /the last update, of \S+, was killed and gave no verdict: the outputs are of run fault-\d+,/,
    );
    const run = newRun(stack);
    const again = await stack.pulumi("up", ...UNASKED);
    await assertSuccess(stack, run, again);
    await destroyCleanly(stack, "reruns that die, then up");
  });
});
