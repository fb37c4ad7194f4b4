import assert from "node:assert/strict";
import { deploy, destroyCleanly, newRun, stackForFaults } from "../support/faults";
import { onNode } from "../support/nodes";
import type { TestStack } from "../support/stack";

/** A filesystem in which nothing can be made: its root is its only inode. */
const FULL = ["-t", "tmpfs", "-o", "nr_inodes=1,mode=1777", "full"];

/** Folders of the node whose disk is full, and what the kubelet says. */
const places = [
  { what: "the kubelet's", folder: "/var/lib/kubelet/pods", said: /mkdir \S+: no space left on device/ },
  { what: "the bridge's", folder: "/tmp", said: /mkdir \/tmp\/fuse-test-bridge\S*: no space left on device/ },
] as const;

describe("a disk of the node that is full", function () {
  this.timeout(180_000);
  let stack: TestStack;

  before(async () => {
    stack = await stackForFaults();
  });

  after(async () => {
    await stack.remove();
  });

  for (const { what, folder, said } of places) {
    it(`is the cause, in the kubelet's words, if it is ${what}`, async () => {
      await onNode("w2", ["mount", ...FULL, folder]);
      try {
        newRun(stack);
        const { verdict, cause, summary } = await stack.up();
        assert.deepEqual([verdict, cause], ["ERROR", "node-out-of-resources"], summary);
        assert.match(summary, said);
      } finally {
        await onNode("w2", ["umount", folder]);
      }
    });
  }

  it("is followed by a SUCCESS and a clean end when there is room again", async () => {
    await deploy(stack);
    await destroyCleanly(stack, "disks of the node full, then room again");
  });
});
