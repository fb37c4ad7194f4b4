import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { checkDefinitions } from "../../verdict/checks";
import { isFuse, type Mount, parseMountinfo } from "../../verdict/mountinfo";
import { clusterApi } from "../support/clients";
import { testCluster } from "../support/cluster";
import { onNode } from "../support/nodes";
import { testStack, type TestStack } from "../support/stack";

/** Mounts of the test that a node's own mount namespace holds. */
async function testMounts(node: "w1" | "w2"): Promise<Mount[]> {
  const mounts = parseMountinfo(await onNode(node, ["cat", "/proc/1/mountinfo"]));
  return mounts.filter((mount) => isFuse(mount) || mount.mountPoint.includes("fuse-test-bridge"));
}

async function namespaces(cluster: ClusterDescriptor): Promise<string[]> {
  const { items } = await clusterApi(cluster.name).listNamespace();
  return items.map(({ metadata }) => metadata?.name ?? "").sort();
}

describe("the main job, through the literal command line", function () {
  this.timeout(180_000);
  let cluster: ClusterDescriptor;
  let stack: TestStack;

  before(async () => {
    cluster = await testCluster();
    stack = await testStack();
  });

  after(async () => {
    await stack.remove();
  });

  it("says SUCCESS of a real mount, with every check and what it ran on", async () => {
    stack.configure({ run: "first", suite: "quick" });
    const { verdict, cause, summary, checks, run, report, timings } = await stack.up();
    assert.equal(verdict, "SUCCESS", summary);
    assert.equal(cause, "");
    assert.deepEqual(
      checks.map(({ name }) => name),
      checkDefinitions.map(({ name }) => name),
    );
    assert.deepEqual(
      checks.filter(({ passed }) => passed !== true).map(({ name, passed }) => [name, passed]),
      [["symlink", "not-applicable"]],
    );
    assert.equal(run.id, "first");
    assert.equal(run.node, "w2");
    assert.equal(run.namespace, "fuse-test");
    assert.equal(run.driver, "rclone");
    assert.equal(run.image, cluster.image);
    assert.match(run.imageDigest, /sha256:[0-9a-f]{64}$/);
    assert.equal(run.kubelet, "v1.34.4");
    assert.match(run.propagation, /^shared:\d+/);
    assert.ok(timings.producerMounted !== null && timings.consumerSaw !== null);
    assert.ok(existsSync(report));
  });

  it("has the mount on w2 while the test is deployed, and on w1 nothing", async () => {
    const mounts = await testMounts("w2");
    assert.deepEqual(
      mounts.filter(isFuse).map(({ type, mountPoint }) => [type, mountPoint]),
      [["fuse.rclone", "/tmp/fuse-test-bridge/first/mount"]],
    );
    assert.deepEqual(await testMounts("w1"), []);
  });

  it("changes nothing when nothing changed", async () => {
    const again = await stack.pulumi(
      "up",
      "--yes",
      "--skip-preview",
      "--expect-no-changes",
      "--policy-pack",
      "policy",
    );
    assert.equal(again.code, 0, again.stdout + again.stderr);
    // What a person reads last is the verdict, and not what was expected of each check.
    const lines = again.stdout.trimEnd().split("\n");
    assert.equal(lines.at(-1), "verdict: SUCCESS");
    assert.match(again.stdout, /^report: \S+\/first$/m);
    assert.doesNotMatch(again.stdout, /^Outputs:|expected *:/m);
    assert.ok(lines.length < 60, `${lines.length} lines`);
  });

  it("reruns with a new run id, and its verdict is the new run's", async () => {
    stack.configure({ run: "second", suite: "quick" });
    const { verdict, run, summary } = await stack.up();
    assert.equal(verdict, "SUCCESS", summary);
    assert.equal(run.id, "second");
    // What the first run left is removed beside the verdict.
    assert.deepEqual((await onNode("w2", ["ls", "/tmp/fuse-test-bridge"])).trim(), "second");
  });

  it("answers ERROR root-not-shared, in the kubelet's words, where w2's root is private", async () => {
    await onNode("w2", ["mount", "--make-rprivate", "/"]);
    try {
      stack.configure({ run: "private", suite: "quick" });
      const { verdict, cause, run } = await stack.up();
      assert.deepEqual([verdict, cause, run.id], ["ERROR", "root-not-shared", "private"]);
    } finally {
      await onNode("w2", ["mount", "--make-rshared", "/"]);
    }
  });

  it("answers ERROR node-missing, and makes no pod, if there is no such node", async () => {
    stack.configure({ run: "nowhere", suite: "quick", node: "k3s-w2" });
    const { verdict, cause } = await stack.up();
    assert.deepEqual([verdict, cause], ["ERROR", "node-missing"]);
    const state = await stack.pulumi("stack export");
    assert.doesNotMatch(state.stdout, /kubernetes:core\/v1:Pod/);
  });

  it("answers ERROR image-unavailable where the node has no such image", async () => {
    stack.configure({
      run: "no-image",
      suite: "quick",
      image: `fuse-test.local/none@sha256:${"0".repeat(64)}`,
    });
    const { verdict, cause } = await stack.up();
    assert.deepEqual([verdict, cause], ["ERROR", "image-unavailable"]);
  });

  it("leaves nothing on the cluster or on either node after destroy", async () => {
    const before = (await namespaces(cluster)).filter((name) => name !== "fuse-test");
    const destroyed = await stack.pulumi("destroy", "--yes", "--skip-preview");
    assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
    assert.deepEqual(await namespaces(cluster), before);
    for (const node of ["w1", "w2"] as const) {
      assert.deepEqual(await testMounts(node), [], node);
      assert.equal(await onNode(node, ["find", "/tmp", "-name", "fuse-test-bridge*"]), "", node);
      assert.doesNotMatch(
        await onNode(node, ["ps", "-eo", "args"]),
        /rclone|producer\.sh|consumer\.sh/,
        node,
      );
    }
  });
});
