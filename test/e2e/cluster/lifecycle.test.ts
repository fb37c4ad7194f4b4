import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { request } from "node:https";
import {
  anchorPids,
  clusterDown,
  clusterNetwork,
  clusterStatus,
  clusterUp,
  DAEMON_NAMES,
  issueKubeconfig,
  NODES,
  pauseDaemon,
  runOnNode,
  stopDaemon,
} from "../../../tools/cluster";
import { askApi } from "../../../tools/cluster/api";
import { readDescriptor } from "../../../tools/cluster/descriptor";
import { writePrivate } from "../../../tools/cluster/files";
import { layoutOf } from "../../../tools/cluster/layout";
import { namespaceOf, signal } from "../../../tools/cluster/processes";
import { machineSettings, ownListeners, ownMounts, tracesOf } from "./traces";

const name = "e2e-cluster";
const options = { name, log: () => undefined };

/** The status of the answer to one who shows no certificate. */
function anonymous(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { rejectUnauthorized: false, timeout: 5000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once("error", reject).once("timeout", () => sent.destroy(new Error(`${url} does not answer`)));
    sent.end();
  });
}

async function pids(): Promise<Map<string, number | undefined>> {
  const { daemons } = await clusterStatus({ name });
  return new Map(daemons.map(({ name: daemon, pid }) => [daemon, pid]));
}

/** How `/` is mounted on a node: the optional fields of mountinfo, such as `shared:7`. */
async function rootFields(node: "w1" | "w2"): Promise<string> {
  const { stdout } = await runOnNode({ name, node, argv: ["cat", "/proc/self/mountinfo"] });
  const root = stdout.split("\n").find((line) => line.split(" ")[4] === "/");
  return root?.split(" - ")[0]?.split(" ").slice(6).join(" ") ?? "no root";
}

describe("the embedded cluster, while it is up", function () {
  this.timeout(120_000);
  const machine = { mounts: ownMounts(), listeners: ownListeners(), settings: machineSettings() };

  before(async () => {
    await clusterUp(options);
  });
  after(async () => {
    await clusterDown(options);
  });

  it("has every daemon, and both nodes take pods", async () => {
    const status = await clusterStatus({ name });
    assert.deepEqual(
      status.daemons.filter(({ pid, paused }) => pid === undefined || paused),
      [],
    );
    assert.deepEqual(status.nodes, [
      { name: "w1", problem: undefined },
      { name: "w2", problem: undefined },
    ]);
    assert.equal(status.healthy, true);
  });

  it("says by its descriptor where the kubeconfig is and which image the nodes have", async () => {
    const { kubeconfig, image } = readDescriptor(name);
    assert.match(image, /^fuse-test\.local\/tools@sha256:[0-9a-f]{64}$/);
    assert.equal(statSync(kubeconfig).mode & 0o777, 0o600);
    for (const node of NODES) {
      const argv = [
        "ctr",
        "--address",
        "/run/containerd/containerd.sock",
        "-n",
        "k8s.io",
        "images",
        "list",
        "-q",
      ];
      const { stdout } = await runOnNode({ name, node, argv });
      assert.equal(stdout.split("\n").includes(image), true, node);
    }
  });

  it("refuses those without a certificate, at the API server and at every kubelet", async () => {
    const network = clusterNetwork(name);
    assert.equal(await anonymous(`https://${network.apiServer}:6443/api`), 401);
    for (const node of NODES) assert.equal(await anonymous(`https://${network.nodes[node]}:10250/pods`), 401);
  });

  it("grants another user nothing, and refuses one whose certificate is expired", async () => {
    const file = `${layoutOf(name).folder}/other.kubeconfig`;
    writePrivate(file, await issueKubeconfig({ name, user: "somebody" }));
    assert.equal((await askApi(file, "/api/v1/pods")).status, 403);
    writePrivate(
      file,
      await issueKubeconfig({ name, user: "late", groups: ["system:masters"], validSeconds: -5 }),
    );
    assert.equal((await askApi(file, "/api/v1/pods")).status, 401);
  });

  it("has one node whose root is shared, and one whose root is private", async () => {
    assert.match(await rootFields("w2"), /^shared:\d+$/);
    assert.equal(await rootFields("w1"), "");
  });

  it("gives each node a /tmp of its own", async () => {
    const write = await runOnNode({ name, node: "w2", argv: ["touch", "/tmp/only-on-w2"] });
    assert.equal(write.code, 0);
    assert.equal((await runOnNode({ name, node: "w1", argv: ["test", "-e", "/tmp/only-on-w2"] })).code, 1);
    assert.throws(() => statSync("/tmp/only-on-w2"), { code: "ENOENT" });
  });

  it("changes neither the machine's mounts nor its settings, and listens nowhere on it", () => {
    assert.deepEqual(ownMounts(), machine.mounts);
    assert.deepEqual(machineSettings(), machine.settings);
    const added = ownListeners().filter((socket) => !machine.listeners.includes(socket));
    assert.deepEqual(
      added.filter((socket) => /:(18EB|094B|094C|280A|2809|2813|2810)$/.test(socket)),
      [],
    );
  });

  it("has no way out of its network", async () => {
    const { stdout } = await runOnNode({ name, node: "w2", argv: ["ip", "route", "show", "default"] });
    assert.equal(stdout, "");
  });

  it("is left as it is by a second start", async () => {
    const first = await pids();
    await clusterUp(options);
    assert.deepEqual(await pids(), first);
  });

  for (const daemon of DAEMON_NAMES) {
    it(`gets ${daemon} back after it was killed`, async () => {
      const first = await pids();
      await stopDaemon(name, daemon);
      assert.equal((await clusterStatus({ name })).healthy, false);
      await clusterUp(options);
      const second = await pids();
      assert.notEqual(second.get(daemon), undefined);
      assert.notEqual(second.get(daemon), first.get(daemon));
      assert.equal((await clusterStatus({ name })).healthy, true);
    });
  }

  it("lets a paused daemon continue", async () => {
    const first = await pids();
    pauseDaemon(name, "kubelet-w2");
    const status = await clusterStatus({ name });
    assert.equal(status.daemons.find((daemon) => daemon.name === "kubelet-w2")?.paused, true);
    assert.equal(status.healthy, false);
    await clusterUp(options);
    assert.deepEqual(await pids(), first);
  });

  it("starts anew after all of it was killed at once", async () => {
    const running = [...(await pids()).values()].flatMap((pid) => pid ?? []);
    for (const pid of [...running, ...anchorPids(name).values()]) signal(pid, "SIGKILL");
    await clusterUp(options);
    assert.equal((await clusterStatus({ name })).healthy, true);
    assert.match(await rootFields("w2"), /^shared:\d+$/);
  });

  it("starts anew after a node was killed", async () => {
    const node = anchorPids(name).get("w2");
    assert.notEqual(node, undefined);
    if (node !== undefined) signal(node, "SIGKILL");
    assert.equal((await clusterStatus({ name })).healthy, false);
    await clusterUp(options);
    assert.equal((await clusterStatus({ name })).healthy, true);
  });

  it("can be started with the root of w2 private", async () => {
    await clusterUp({ ...options, roots: { w2: "private" } });
    assert.equal(await rootFields("w2"), "");
    await clusterUp(options);
    assert.equal(await rootFields("w2"), "");
  });
});

describe("the embedded cluster, once it is down", function () {
  this.timeout(120_000);

  it("has left nothing behind", async () => {
    await clusterUp(options);
    const namespaces = [...anchorPids(name).values()].flatMap((pid) => namespaceOf(pid, "pid") ?? []);
    assert.equal(namespaces.length, 3);
    await clusterDown(options);
    assert.deepEqual(tracesOf(name, namespaces), []);
  });

  it("can be taken down again", async () => {
    await clusterDown(options);
    assert.deepEqual(tracesOf(name), []);
  });

  it("is not healthy, and says how to start it", async () => {
    const status = await clusterStatus({ name });
    assert.equal(status.healthy, false);
    assert.deepEqual(
      status.daemons.filter(({ pid }) => pid !== undefined),
      [],
    );
    assert.throws(() => anchorPids(name), {
      message: `the embedded cluster "${name}" is not up. Start it: npm run cluster -- up`,
    });
  });
});
