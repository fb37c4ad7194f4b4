import assert from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "../../tools/setup/run";
import { clusterStatus, clusterUp, startDaemon, stopDaemon } from "../../tools/cluster";
import { clusterApi } from "../support/clients";
import {
  assertCleaned,
  deploy,
  destroyCleanly,
  newRun,
  stackForFaults,
  UNASKED,
  untilNode,
  verdictOf,
  words,
} from "../support/faults";
import { leftovers } from "../support/leftovers";
import { E2E_CLUSTER } from "../support/names";
import { onNode } from "../support/nodes";
import type { Finished, TestStack } from "../support/stack";
import { until } from "../support/waiting";

const project = join(__dirname, "..", "..");

/** Commands that are named for a node that was not reached. */
function npmRunClean(): Promise<Finished> {
  return runCommand({
    argv: ["env", "-C", project, `FUSE_TEST_CLUSTER=${E2E_CLUSTER}`, "npm", "run", "--silent", "clean"],
    timeoutMilliseconds: 120_000,
  });
}

describe("a node that goes away", function () {
  this.timeout(300_000);
  let stack: TestStack;

  before(async () => {
    stack = await stackForFaults();
  });

  after(async () => {
    // Whatever a test has left stopped would stop the tests of other files too.
    await clusterUp({ name: E2E_CLUSTER, log: () => undefined });
    await stack.remove();
  });

  it("gives node-not-ready while it is away, and a SUCCESS and nothing left once it is back", async () => {
    await deploy(stack);
    await stopDaemon(E2E_CLUSTER, "kubelet-w2");
    try {
      await untilNode("Unknown");
      const run = newRun(stack);
      const up = await stack.pulumi("up", ...UNASKED);
      assert.equal(up.code, 0, words(up));
      const { verdict, cause, summary, run: shown } = await verdictOf(stack);
      assert.deepEqual([verdict, cause, shown.id], ["ERROR", "node-not-ready", run], summary);
    } finally {
      await startDaemon(E2E_CLUSTER, "kubelet-w2");
    }
    await untilNode("True");
    await deploy(stack);
    await destroyCleanly(stack, "node NotReady, then back");
  });

  it("lets destroy finish where its Node object was deleted, and what that says to do by hand cleans it", async () => {
    const { run } = await deploy(stack);
    await stopDaemon(E2E_CLUSTER, "kubelet-w2");
    try {
      await clusterApi().deleteNode({ name: "w2" });
      const destroyed = await stack.pulumi("destroy", ...UNASKED);
      assert.equal(destroyed.code, 0, words(destroyed));
      assert.match(
        words(destroyed),
        /w2 could not be cleaned: there is no such node any more\. \/tmp\/fuse-test-bridge and mounts below it may still be there\. When w2 is back, run: npm run clean\. Or, as root on w2: run umount -l on every line of /,
      );
      const { mounts, objects } = await leftovers(E2E_CLUSTER);
      assert.deepEqual([mounts, objects], [[`w2:/tmp/fuse-test-bridge/${run}/mount`], []]);
    } finally {
      await startDaemon(E2E_CLUSTER, "kubelet-w2");
    }
    await untilNode("True");
    const started = Date.now();
    const cleaned = await npmRunClean();
    assert.match(cleaned.stdout, /\nclean\n$/);
    await assertCleaned("Node object deleted, then npm run clean", started, cleaned);
  });

  it("is cleaned after a restart in the middle of a run, with all of its processes gone at once", async () => {
    const run = newRun(stack);
    const up = stack.start("up", ...UNASKED);
    await up.printed(/Command fuse-test-verdict creating/);
    // Everything of the node but its process 1: its daemons, its containers and the FUSE program.
    await onNode("w2", ["sh", "-c", "kill -KILL -1"]);
    await until("the daemons of w2 are gone", 10, async () => {
      const { daemons } = await clusterStatus({ name: E2E_CLUSTER });
      return daemons.every(({ name, pid }) => pid === undefined || !name.endsWith("-w2"));
    });
    await startDaemon(E2E_CLUSTER, "containerd-w2");
    await startDaemon(E2E_CLUSTER, "kubelet-w2");
    const ended = await up.ended;
    assert.equal(ended.code, 0, words(ended));
    assert.equal((await verdictOf(stack)).run.id, run);
    await untilNode("True");
    await destroyCleanly(stack, "node restarted in the middle of a run");
  });
});
