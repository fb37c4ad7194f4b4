import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import type { Examination } from "../../protocol/suite-result";
import { parseReport, type Report } from "../../report/contents";
import { isFuse, parseMountinfo } from "../../verdict/mountinfo";
import { clusterApi } from "../support/clients";
import { testCluster } from "../support/cluster";
import { onNode } from "../support/nodes";
import { testStack, type TestStack } from "../support/stack";

const NAMESPACE = "fuse-test";
const BRIDGE = "/tmp/fuse-test-bridge/full";

/**
 * Mounts that a pod sees below the bridge when it starts on a node now: it is given the node's, also with None,
 * which w1 allows although its root is private.
 */
async function mountsSeenOn(node: string, cluster: ClusterDescriptor): Promise<string[]> {
  const core = clusterApi(cluster.name);
  const name = `looks-on-${node}`;
  await core.createNamespacedPod({
    namespace: NAMESPACE,
    body: {
      metadata: { name },
      spec: {
        nodeName: node,
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        containers: [
          {
            name: "look",
            image: cluster.image,
            imagePullPolicy: "Never",
            command: ["cat", "/proc/self/mountinfo"],
            resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "100m", memory: "32Mi" } },
            volumeMounts: [{ name: "bridge", mountPath: "/mnt/dfs", mountPropagation: "None" }],
          },
        ],
        volumes: [{ name: "bridge", hostPath: { path: BRIDGE, type: "DirectoryOrCreate" } }],
      },
    },
  });
  try {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const { status } = await core.readNamespacedPod({ name, namespace: NAMESPACE });
      if (status?.phase === "Succeeded") break;
      assert.ok(Date.now() < deadline, `the pod on ${node} did not end: ${status?.phase ?? ""}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const log = await core.readNamespacedPodLog({ name, namespace: NAMESPACE });
    return parseMountinfo(log)
      .filter((mount) => isFuse(mount) && mount.mountPoint.startsWith("/mnt/dfs/"))
      .map(({ mountPoint }) => mountPoint);
  } finally {
    await core.deleteNamespacedPod({ name, namespace: NAMESPACE, gracePeriodSeconds: 0 });
  }
}

function reportIn(folder: string): Report {
  const file = join(folder, "report.json");
  return parseReport(readFileSync(file, "utf8"), file);
}

describe("the full suite, through the literal command line", function () {
  this.timeout(240_000);
  let cluster: ClusterDescriptor;
  let stack: TestStack;
  let report: Report;
  let examination: Examination;

  before(async () => {
    cluster = await testCluster();
    stack = await testStack();
    // Without the guard: a test makes a pod of its own in the namespace, to see what it is given.
    stack.configure({ run: "full", suite: "full", guard: false });
    const verdict = await stack.up();
    report = reportIn(verdict.report);
    assert.ok(report.examination !== undefined, verdict.summary);
    examination = report.examination;
  });

  after(async () => {
    await stack.remove();
  });

  it("says SUCCESS, and that a running consumer recovers", () => {
    assert.deepEqual([report.verdict, report.cause, examination.problem], ["SUCCESS", "", ""]);
    assert.equal(examination.outcome, "recovers");
  });

  it("finds every cell of the matrix as expected, and leaves out another node alone", () => {
    assert.deepEqual(
      examination.cells.filter(({ passed }) => passed !== true).map(({ id, passed }) => [id, passed]),
      [["another-node", "not-applicable"]],
    );
    const count = (kind: string): number => examination.cells.filter((cell) => cell.kind === kind).length;
    assert.deepEqual(["visibility", "reverse", "refusal", "view"].map(count), [40, 10, 2, 2]);
  });

  it("loses the mount in every way, and the same consumer reads the new one, with one mount at the path", () => {
    assert.deepEqual(
      examination.scenarios.map(({ name, times, sameConsumer, mounts }) => [
        name,
        times,
        sameConsumer,
        mounts,
      ]),
      [
        ["kill", 30, true, 1],
        ["hang", 1, true, 1],
        ["restart", 1, true, 1],
        ["delete", 1, true, 1],
        ["evict", 1, true, 1],
      ],
    );
    const [kill, hang] = examination.scenarios;
    assert.match(kill?.consumerGot ?? "", /ENOTCONN/);
    assert.match(hang?.consumerGot ?? "", /^no answer within 1000 ms, then /);
  });

  it("measures the latency of at least thirty mounts, and the speed in both pods", () => {
    assert.ok((examination.latency?.samples.length ?? 0) >= 30);
    assert.deepEqual(
      examination.speed.map(({ operation, where }) => `${operation} ${where}`),
      ["sequential", "random", "stat", "readdir"].flatMap((name) => [`${name} producer`, `${name} consumer`]),
    );
    assert.ok((examination.daemon?.cpuSeconds ?? 0) > 0);
  });

  it("leaves no mount of its own and no file on the node", async () => {
    const mounts = parseMountinfo(await onNode("w2", ["cat", "/proc/1/mountinfo"])).filter(isFuse);
    assert.deepEqual(
      mounts.map(({ mountPoint }) => mountPoint),
      [`${BRIDGE}/mount`],
    );
    assert.deepEqual((await onNode("w2", ["ls", BRIDGE])).trim().split("\n"), ["mount", "signals"]);
  });

  it("shows the mount to a pod on the same node, and to none on another", async () => {
    assert.deepEqual(await mountsSeenOn("w2", cluster), ["/mnt/dfs/mount"]);
    assert.deepEqual(await mountsSeenOn("w1", cluster), []);
    // The directories that the pod there was given.
    await onNode("w1", ["rmdir", BRIDGE, "/tmp/fuse-test-bridge"]);
  });

  it("writes the report in all its forms", () => {
    assert.deepEqual(readdirSync(report.report).sort(), [
      "junit.xml",
      "report.html",
      "report.json",
      "report.md",
    ]);
  });
});
