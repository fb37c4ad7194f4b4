import assert from "node:assert/strict";
import { join } from "node:path";
import { destroyCleanly, newRun, stackForFaults } from "../support/faults";
import type { TestStack } from "../support/stack";

const HOUR = 3_600_000;
const preload = join(__dirname, "..", "support", "shifted-clock.cjs");

describe("a machine whose clock is not the cluster's", function () {
  this.timeout(180_000);
  let stack: TestStack;

  before(async () => {
    stack = await stackForFaults();
  });

  after(async () => {
    await stack.remove();
  });

  for (const { title, shift } of [
    { title: "an hour fast", shift: HOUR },
    { title: "an hour slow", shift: -HOUR },
  ]) {
    it(`gives the right verdict, with times of this run alone, and destroys, where its clock is ${title}`, async () => {
      const machine = stack.within({
        environment: { NODE_OPTIONS: `--require ${preload}`, FUSE_TEST_CLOCK_SHIFT: String(shift) },
      });
      newRun(stack);
      const before = Date.now();
      const { verdict, summary, timings, checks, run } = await machine.up();
      const took = Date.now() - before;
      assert.equal(verdict, "SUCCESS", summary);
      const start = Date.parse(run.start) - shift;
      assert.ok(start >= before && start <= before + took, `${run.start} is not by the shifted clock`);
      const { created, scheduled, producerMounted, consumerSaw } = timings;
      const seen = [
        created,
        scheduled,
        producerMounted,
        consumerSaw,
        ...checks.map((check) => check.milliseconds),
      ];
      assert.deepEqual(
        seen.filter((time) => time === null || time < 0 || time > took),
        [],
        JSON.stringify(timings),
      );
      assert.ok((producerMounted ?? NaN) > 0, JSON.stringify(timings));
      assert.ok((scheduled ?? NaN) <= (producerMounted ?? NaN), JSON.stringify(timings));
      assert.ok((consumerSaw ?? NaN) <= timings.verdict && timings.verdict <= took, JSON.stringify(timings));
      await destroyCleanly({ ...stack, ...machine }, `the machine's clock is ${title}`);
    });
  }
});
