import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { isFuse, parseMountinfo } from "../../verdict/mountinfo";
import { testCluster } from "../support/cluster";
import { changesOf, type Operation, parseEventLog } from "../support/engine-log";
import { destroyCleanly, UNASKED, words } from "../support/faults";
import { onNode } from "../support/nodes";
import { mostAtOnce, watchProducers } from "../support/producers";
import { MISSING_IMAGE } from "../support/sequences/sequence";
import { testStack, type TestStack } from "../support/stack";

// The guard keeps tests out of every directory but its own.
const FIRST = { run: "updated", suite: "quick", guard: false } as const;
const OTHER_PATH = "/tmp/fuse-test-bridge-other";

/** What replaces a test by another one of the same run. */
const OTHER_PODS = [
  "replace fuse-test-consumer",
  "replace fuse-test-control",
  "replace fuse-test-producer",
  "replace fuse-test-verdict",
  "update fuse-test-preflight",
];

/** The changes of an update that is another run of the test. */
const OTHER_RUN = [
  "replace fuse-test-consumer",
  "replace fuse-test-control",
  "replace fuse-test-preflight",
  "replace fuse-test-producer",
  "replace fuse-test-verdict",
];

describe("an update", function () {
  this.timeout(180_000);
  let cluster: ClusterDescriptor;
  let stack: TestStack;

  async function engine(verb: "up" | "preview", settings: object): Promise<Operation[]> {
    const log = join(stack.folder, "events");
    stack.configure({ ...FIRST, ...settings });
    const unasked = verb === "up" ? UNASKED : [];
    const finished = await stack.pulumi(verb, ...unasked, "--event-log", log);
    assert.equal(finished.code, 0, words(finished));
    return parseEventLog(readFileSync(log, "utf8"));
  }

  async function verdict(): Promise<string> {
    return (await stack.pulumi("stack output", "verdict")).stdout.trim();
  }

  async function mounts(): Promise<string[][]> {
    return parseMountinfo(await onNode("w2", ["cat", "/proc/1/mountinfo"]))
      .filter(isFuse)
      .map(({ type, mountPoint }) => [type, mountPoint]);
  }

  /** Updates, and asserts that the old producer had gone before there was a new one. */
  async function replaceProducer(settings: object): Promise<string[]> {
    const watch = await watchProducers(cluster.kubeconfig);
    const operations = await engine("up", settings);
    const sights = watch.end();
    const producers = new Set(sights.map(({ uid }) => uid));
    assert.deepEqual([mostAtOnce(sights), producers.size], [1, 2], JSON.stringify(sights));
    assert.deepEqual(
      operations.flatMap(({ name, operation, phase }) =>
        name === "fuse-test-producer" ? [`${operation} ${phase}`] : [],
      ),
      ["delete-replaced begins", "delete-replaced ends", "replace begins", "replace ends"].concat([
        "create-replacement begins",
        "create-replacement ends",
      ]),
    );
    return changesOf(operations);
  }

  before(async () => {
    cluster = await testCluster();
    // Without it the engine does not know --event-log.
    stack = await testStack({ surroundings: { environment: { PULUMI_DEBUG_COMMANDS: "true" } } });
    await engine("up", {});
    assert.equal(await verdict(), "SUCCESS");
  });

  after(async () => {
    await stack.remove();
  });

  it("of nothing does nothing", async () => {
    assert.deepEqual(await engine("up", {}), []);
  });

  it("to another image would replace the pods, what judges them, and nothing else", async () => {
    assert.deepEqual(changesOf(await engine("preview", { image: MISSING_IMAGE })), [
      ...OTHER_PODS.slice(0, -1),
      "update fuse-test-cleanup",
      "update fuse-test-preflight",
    ]);
  });

  it("to another suite would only add its examination", async () => {
    assert.deepEqual(changesOf(await engine("preview", { suite: "standard" })), [
      "create fuse-test-examination",
      "create fuse-test-examination-consumer",
      "create fuse-test-examination-producer",
    ]);
  });

  it("to another driver, path or run can be previewed while the pods are there, and changes nothing", async () => {
    assert.deepEqual(changesOf(await engine("preview", { driver: "bindfs" })), OTHER_PODS);
    assert.deepEqual(changesOf(await engine("preview", { hostPath: OTHER_PATH })), [
      ...OTHER_PODS.slice(0, -1),
      "update fuse-test-cleanup",
      "update fuse-test-preflight",
    ]);
    assert.deepEqual(changesOf(await engine("preview", { run: "rerun" })), OTHER_RUN);
    assert.deepEqual(await engine("up", {}), []);
  });

  it("to another driver replaces the pods one after the other, and judges the new ones", async () => {
    assert.deepEqual(await replaceProducer({ driver: "bindfs" }), OTHER_PODS);
    assert.equal(await verdict(), "SUCCESS");
    assert.deepEqual(await mounts(), [["fuse", "/tmp/fuse-test-bridge/updated/mount"]]);
  });

  it("to another path leaves nothing on the old one, and judges the new one", async () => {
    assert.deepEqual(await replaceProducer({ driver: "bindfs", hostPath: OTHER_PATH }), [
      "replace fuse-test-consumer",
      "replace fuse-test-control",
      "replace fuse-test-producer",
      "replace fuse-test-verdict",
      "update fuse-test-cleanup",
      "update fuse-test-preflight",
    ]);
    assert.equal(await verdict(), "SUCCESS");
    assert.deepEqual(await mounts(), [["fuse", `${OTHER_PATH}/updated/mount`]]);
    assert.equal(
      await onNode("w2", ["find", "/tmp", "-maxdepth", "1", "-name", "fuse-test-bridge*"]),
      `${OTHER_PATH}\n`,
    );
  });

  it("to another run replaces the pods, what judges them, and nothing else", async () => {
    const changes = await replaceProducer({ driver: "bindfs", hostPath: OTHER_PATH, run: "rerun" });
    assert.deepEqual(changes, OTHER_RUN);
    assert.equal(await verdict(), "SUCCESS");
  });

  it("to another path that is killed while the old one is cleaned leaves nothing after one destroy", async () => {
    stack.configure({ ...FIRST, driver: "bindfs" });
    const up = stack.start("up", ...UNASKED);
    await up.printed(/cleanup: clean the node/);
    up.signal("SIGKILL");
    await up.ended;
    await destroyCleanly(stack, "update to another path, SIGKILL while the janitor works");
  });
});
