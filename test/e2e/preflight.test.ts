import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdmissionregistrationV1Api, type CoreV1Api, type V1ResourceQuota } from "@kubernetes/client-node";
import { issueKubeconfig, pauseDaemon, resumeDaemon, startDaemon, stopDaemon } from "../../tools/cluster";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { kubeconfigIn } from "../support/clients";
import {
  askPreflight,
  play,
  type Played,
  playPreflight,
  podsOf,
  type Scenario,
  sceneOf,
} from "../support/bench";
import { testCluster } from "../support/cluster";
import { container, edited } from "../support/edits";
import { expectCause, printFigures } from "../support/figures";
import { onNode } from "../support/nodes";
import { until, untilControllersWork } from "../support/waiting";

const networkSettings = "/var/lib/fuse-test/settings/cni/10-pods.conflist";

describe("causes that the preflight finds, and causes of the cluster's own parts", function () {
  this.timeout(180_000);
  let cluster: ClusterDescriptor;
  let core: CoreV1Api;
  let folder: string;

  before(async () => {
    cluster = await testCluster();
    core = sceneOf(cluster, { name: "any" }).core;
    folder = mkdtempSync(join(tmpdir(), "fuse-test-preflight-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
    printFigures();
  });

  async function isReady(node: string): Promise<boolean> {
    const { status } = await core.readNode({ name: node });
    return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
  }

  async function patchNode(node: string, spec: object): Promise<void> {
    const scene = sceneOf(cluster, { name: "any" });
    await scene.objects.patch(
      { apiVersion: "v1", kind: "Node", metadata: { name: node }, spec } as never,
      undefined,
      undefined,
      undefined,
      undefined,
      "application/merge-patch+json",
    );
  }

  async function kubeconfigOf(user: string, validSeconds: number): Promise<string> {
    const file = join(folder, user);
    writeFileSync(file, await issueKubeconfig({ name: cluster.name, user, validSeconds }), { mode: 0o600 });
    return file;
  }

  it("finds nothing on a good cluster", async () => {
    assert.equal(await playPreflight(cluster, { name: "good" }), undefined);
  });

  it("waits for the namespace that an update creates meanwhile", async () => {
    const scenario: Scenario = { name: "created-later" };
    const scene = sceneOf(cluster, scenario);
    const asked = askPreflight(scene, scenario);
    const { namespace } = scene.settings;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(await Promise.race([asked, Promise.resolve("waiting")]), "waiting");
    const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
    await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
    try {
      assert.equal(await asked, undefined);
    } finally {
      await core.deleteNamespace({ name: namespace });
    }
  });

  it("says admission-denied where Pod Security restricts the namespace", async () => {
    const namespaceLabels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const played = await playPreflight(cluster, { name: "restricted", namespaceLabels });
    expectCause(
      played,
      "admission-denied",
      /violates PodSecurity "restricted:latest"/,
      "Pod Security restricted",
    );
  });

  it("says quota-exceeded where the namespace's quota has no room", async () => {
    const body: V1ResourceQuota = { metadata: { name: "none" }, spec: { hard: { pods: "0" } } };
    const prepare: Scenario["prepare"] = async ({ settings: { namespace } }) => {
      await core.createNamespacedResourceQuota({ namespace, body });
      await until("the quota counts", 20, async () => {
        const { status } = await core.readNamespacedResourceQuota({ namespace, name: "none" });
        return status?.hard !== undefined;
      });
    };
    const played = await playPreflight(cluster, { name: "quota", prepare });
    expectCause(played, "quota-exceeded", /exceeded quota: none/, "quota of 0 pods");
  });

  it("says admission-denied, with its words, where an admission policy refuses the pods", async () => {
    const api = kubeconfigIn(cluster.kubeconfig).makeApiClient(AdmissionregistrationV1Api);
    const name = "no-privileged-test";
    const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "fuse-test-policy" } };
    const resourceRules = [
      { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
    ];
    const scenario: Scenario = {
      name: "policy",
      prepare: async (scene) => {
        const validations = [{ expression: "false", message: "no pods on a Monday" }];
        await api.createValidatingAdmissionPolicy({
          body: { metadata: { name }, spec: { matchConstraints: { resourceRules }, validations } },
        });
        await api.createValidatingAdmissionPolicyBinding({
          body: {
            metadata: { name },
            spec: { policyName: name, validationActions: ["Deny"], matchResources: { namespaceSelector } },
          },
        });
        const [body] = podsOf(scene, scenario);
        assert.ok(body);
        await until("the policy is in force", 20, () =>
          core
            .createNamespacedPod({ namespace: scene.settings.namespace, body, dryRun: "All" })
            .then(() => false)
            .catch(() => true),
        );
      },
      undo: async () => {
        await api.deleteValidatingAdmissionPolicyBinding({ name });
        await api.deleteValidatingAdmissionPolicy({ name });
      },
    };
    const played = await playPreflight(cluster, scenario);
    expectCause(played, "admission-denied", /no pods on a Monday/, "ValidatingAdmissionPolicy denies");
  });

  it("says permission-denied where RBAC does not let the user create pods", async () => {
    const kubeconfig = await kubeconfigOf("nobody-in-particular", 600);
    const played = await playPreflight(cluster, { name: "rbac", kubeconfig });
    expectCause(played, "permission-denied", /cannot create resource "pods"/, "RBAC without pod creation");
  });

  it("says permission-denied where the credentials have expired", async () => {
    const kubeconfig = await kubeconfigOf("late", -60);
    const played = await playPreflight(cluster, { name: "expired", kubeconfig });
    expectCause(played, "permission-denied", /\(Unauthorized\)/, "expired credentials");
  });

  it("says node-missing if there is no such node", async () => {
    const played = await playPreflight(cluster, { name: "missing", settings: { node: "w9" } });
    expectCause(played, "node-missing", /no node named w9/, "node missing");
  });

  it("says node-cordoned of a cordoned node", async () => {
    await patchNode("w1", { unschedulable: true });
    try {
      const played = await playPreflight(cluster, { name: "cordoned", settings: { node: "w1" } });
      expectCause(played, "node-cordoned", /w1 is cordoned/, "node cordoned");
    } finally {
      await patchNode("w1", { unschedulable: null });
    }
  });

  it("says taint-not-tolerated of a NoExecute taint, before pods are made that would be deleted at once", async () => {
    await patchNode("w1", { taints: [{ key: "out", value: "yes", effect: "NoExecute" }] });
    try {
      const settings = { node: "w1" };
      const before = await playPreflight(cluster, { name: "taint", settings });
      expectCause(before, "taint-not-tolerated", /out=yes:NoExecute/, "NoExecute taint, preflight");
    } finally {
      await patchNode("w1", { taints: null });
    }
  });

  it("says bidirectional-needs-privileged where the producer is not privileged", async () => {
    const pod = container("producer", (one) => {
      Object.assign(one, { securityContext: { runAsUser: 0 } });
    });
    const played = await playPreflight(cluster, { name: "bidirectional", pod });
    expectCause(played, "bidirectional-needs-privileged", /not privileged/, "producer not privileged");
  });

  it("says control-failed where another run uses the same directory of the node", async () => {
    const hostPath = "/tmp/fuse-test-first";
    const found: (Played | undefined)[] = [];
    await play(cluster, {
      name: "first",
      meanwhile: async () => {
        found.push(
          await playPreflight(cluster, { name: "second", settings: { hostPath }, borrowsDirectory: true }),
        );
      },
    });
    expectCause(
      found[0],
      "control-failed",
      /another run of the test uses/,
      "another run on the same directory",
    );
  });

  it("says fuse-device-missing where the node has no /dev/fuse, and sandbox-failed where its network plugin is broken", async () => {
    await onNode("w1", ["mount", "--make-rshared", "/"]);
    const settings = { node: "w1" };
    try {
      await onNode("w1", ["mount", "--bind", "/etc/hostname", "/dev/fuse"]);
      try {
        const hidden = await play(cluster, { name: "no-device", settings });
        expectCause(hidden, "fuse-device-missing", /\/dev\/fuse/, "/dev/fuse hidden");
      } finally {
        await onNode("w1", ["umount", "/dev/fuse"]);
      }
      await onNode("w1", ["sed", "-i.good", 's/"ptp"/"no-such-plugin"/', networkSettings]);
      const broken = await play(cluster, {
        name: "no-network",
        settings,
        // A pod whose network cannot be taken down takes long to go.
        afterVerdict: () =>
          onNode("w1", ["mv", `${networkSettings}.good`, networkSettings]).then(() => undefined),
      });
      expectCause(
        broken,
        "sandbox-failed",
        /failed to find plugin "no-such-plugin"/,
        "network plugin broken",
      );
    } finally {
      await onNode("w1", ["mount", "--make-rprivate", "/"]);
    }
  });

  it("says node-not-ready where the kubelet was stopped, before a run and while pods wait", async () => {
    await stopDaemon(cluster.name, "kubelet-w1");
    try {
      await until("w1 is NotReady", 90, async () => !(await isReady("w1")));
      const settings = { node: "w1" };
      const scenario = { name: "not-ready", settings };
      expectCause(
        await askPreflight(sceneOf(cluster, scenario), scenario),
        "node-not-ready",
        /Kubelet stopped posting node status/,
        "NotReady (kubelet stopped), preflight",
      );
      const played = await play(cluster, {
        name: "pending",
        settings,
        afterVerdict: async () => {
          await startDaemon(cluster.name, "kubelet-w1");
        },
      });
      expectCause(played, "node-not-ready", /Kubelet stopped posting/, "NotReady while pods wait");
    } finally {
      await startDaemon(cluster.name, "kubelet-w1");
      await until("w1 is Ready", 60, () => isReady("w1"));
    }
  });

  it("says cluster-unreachable when the API server is down before a run, and hangs or stops during one", async () => {
    const daemon = "kube-apiserver";
    const answers = (): Promise<boolean> =>
      core.listNamespace().then(
        () => true,
        () => false,
      );
    const neverLooks: Scenario["programs"] = (files) =>
      edited(files, "consumer.sh", "\nreport_start\n", "\nsleep 1000\nreport_start\n");
    const scenario: Scenario = {
      name: "outage",
      programs: neverLooks,
      meanwhile: () => stopDaemon(cluster.name, daemon),
      afterVerdict: async (scene) => {
        expectCause(
          await askPreflight(scene, scenario),
          "cluster-unreachable",
          /ECONNREFUSED/,
          "API server down, preflight",
        );
        await startDaemon(cluster.name, daemon);
        await until("the API server answers", 60, answers);
      },
    };
    try {
      const stopped = await play(cluster, scenario);
      expectCause(
        stopped,
        "cluster-unreachable",
        /ECONNREFUSED/,
        "API server down during the wait (10 s of patience)",
      );
      pauseDaemon(cluster.name, daemon);
      try {
        const scene = sceneOf(cluster, scenario);
        const hung = await askPreflight(scene, scenario);
        expectCause(hung, "cluster-unreachable", /deadline exceeded/, "API server hangs, preflight");
        assert.ok(hung && hung.seconds < 2.5);
      } finally {
        resumeDaemon(cluster.name, daemon);
      }
    } finally {
      await startDaemon(cluster.name, daemon);
      await until("the API server answers", 60, answers);
      await untilControllersWork(core);
    }
  });
});
