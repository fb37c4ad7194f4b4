import assert from "node:assert/strict";
import { startDaemon, stopDaemon } from "../../tools/cluster";
import {
  deploy,
  destroyCleanly,
  newRun,
  signalOnNode,
  stackForFaults,
  UNASKED,
  untilNode,
  words,
} from "../support/faults";
import { leftovers } from "../support/leftovers";
import { E2E_CLUSTER } from "../support/names";
import { onNode } from "../support/nodes";
import type { TestStack } from "../support/stack";

const BRIDGE = "/tmp/fuse-test-bridge";
/** The mount of a run. */
const mountOf = (run: string): string => `${BRIDGE}/${run}/mount`;
const RCLONE = /^ *\d+ rclone mount /;
/** The producer with its daemon. */
const PRODUCER = /^ *\d+ (rclone mount |\/bin\/sh \/fuse-test\/producer\.sh)/;

/** Starts something on w2 that continues by itself. */
async function inBackground(command: string): Promise<void> {
  await onNode("w2", ["sh", "-c", `setsid sh -c '${command}' >/dev/null 2>&1 </dev/null &`]);
}

describe("faults on the node", function () {
  this.timeout(300_000);
  let stack: TestStack;

  before(async () => {
    stack = await stackForFaults();
  });

  after(async () => {
    await stack.remove();
  });

  it("leaves nothing of a producer that was killed, whose mount is dead", async () => {
    await deploy(stack);
    await signalOnNode("KILL", PRODUCER);
    const said = await destroyCleanly(stack, "producer killed");
    assert.match(said, /removed 1 mount of an earlier run at \/tmp\/fuse-test-bridge on w2/);
  });

  it("leaves nothing of a daemon that hangs in the middle of a read, nor of a reader that is stuck", async () => {
    const { run } = await deploy(stack);
    await signalOnNode("STOP", RCLONE);
    await inBackground(`cat ${mountOf(run)}/data`);
    await destroyCleanly(stack, "daemon hung in a read");
  });

  it("leaves nothing if a process has its working directory in the mount", async () => {
    const { run } = await deploy(stack);
    await inBackground(`cd ${mountOf(run)} && exec sleep 25`);
    await destroyCleanly(stack, "unmount busy");
  });

  it("removes stacked and dead mounts of an earlier run, and leaves what is not the test's and names it", async () => {
    const { run } = await deploy(stack);
    const foreign = `${BRIDGE}/${run}/a user's notes`;
    await onNode("w2", ["sh", "-c", `mkdir -p /tmp/source && echo keep >"${foreign}"`]);
    for (let stacked = 0; stacked < 2; stacked++)
      await onNode("w2", ["bindfs", "-o", "nonempty", "/tmp/source", mountOf(run)]);
    await onNode("w2", ["sh", "-c", "kill -KILL $(pidof bindfs)"]);
    const destroyed = await stack.pulumi("destroy", ...UNASKED);
    assert.equal(destroyed.code, 0, words(destroyed));
    assert.match(
      words(destroyed),
      /left on w2, because it is not the test's: \/tmp\/fuse-test-bridge\/fault-\d+\/a user's notes/,
    );
    assert.equal(await onNode("w2", ["cat", foreign]), "keep\n");
    await onNode("w2", ["rm", foreign]);
    await onNode("w2", ["rmdir", `${BRIDGE}/${run}`, BRIDGE, "/tmp/source"]);
    const { mounts, objects, processes } = await leftovers(E2E_CLUSTER);
    assert.deepEqual([mounts, objects, processes], [[], [], []]);
  });

  it("cleans a node whose root is private, where no pod with Bidirectional starts", async () => {
    await deploy(stack);
    await signalOnNode("KILL", PRODUCER);
    await onNode("w2", ["mount", "--make-rprivate", "/"]);
    try {
      await destroyCleanly(stack, "root made private, mount dead");
    } finally {
      await onNode("w2", ["mount", "--make-rshared", "/"]);
    }
  });

  it("continues if containerd was restarted in the middle", async () => {
    newRun(stack);
    const up = stack.start("up", ...UNASKED);
    await up.printed(/Pod fuse-test-producer creating/);
    await stopDaemon(E2E_CLUSTER, "containerd-w2");
    await startDaemon(E2E_CLUSTER, "containerd-w2");
    assert.equal((await up.ended).code, 0);
    assert.match((await stack.pulumi("stack output", "verdict")).stdout, /^(SUCCESS|ERROR)\n$/);
    await untilNode("True");
    await destroyCleanly(stack, "containerd restarted");
  });

  it("finishes although the kubelet is stopped, says what was not reached, and the next run finds it clean", async () => {
    await deploy(stack);
    await stopDaemon(E2E_CLUSTER, "kubelet-w2");
    try {
      const destroyed = await stack.pulumi("destroy", ...UNASKED);
      assert.equal(destroyed.code, 0, words(destroyed));
      assert.match(words(destroyed), /w2 could not be cleaned: .*When w2 is back, run: npm run clean/);
      assert.deepEqual((await leftovers(E2E_CLUSTER)).objects, []);
    } finally {
      await startDaemon(E2E_CLUSTER, "kubelet-w2");
    }
    await untilNode("True");
    await deploy(stack);
    await destroyCleanly(stack, "kubelet stopped, then the next run on the same node");
  });
});
