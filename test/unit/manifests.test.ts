import assert from "node:assert/strict";
import { readSettings } from "../../config/settings";
import type { PodSettings } from "../../manifests/common";
import { consumerManifest } from "../../manifests/consumer";
import { namespaceManifest, networkPolicyManifest } from "../../manifests/namespace";
import { producerManifest } from "../../manifests/producer";
import { driverNames, programs } from "../../config/programs";

const image = `fuse-test.local/tools@sha256:${"0".repeat(64)}`;
const settings: PodSettings = { ...readSettings({ image, run: "r1" }), image, imagePullPolicy: "Never" };
const producer = producerManifest(settings);
const consumer = consumerManifest(settings, {
  role: "consumer",
  mountPropagation: "HostToContainer",
});
const control = consumerManifest(settings, { role: "control", mountPropagation: "None" });

describe("manifests", () => {
  for (const pod of [producer, consumer, control]) {
    it(`pin ${pod.metadata.name} to the node by name alone, without token, with a deadline and limits`, () => {
      const { spec } = pod;
      assert.equal(spec.nodeName, "w2");
      for (const field of [
        "nodeSelector",
        "affinity",
        "schedulerName",
        "runtimeClassName",
        "hostPID",
        "hostNetwork",
      ]) {
        assert.equal(field in spec, false, field);
      }
      assert.equal(spec.automountServiceAccountToken, false);
      assert.equal(spec.activeDeadlineSeconds, 1800);
      assert.equal(spec.restartPolicy, "Never");
      assert.deepEqual(pod.metadata.labels["fuse-test/run"], "r1");
      assert.deepEqual(spec.tolerations, [
        { key: "node.longhorn.io/storage", operator: "Equal", value: "enabled", effect: "NoSchedule" },
        {
          key: "node.kubernetes.io/not-ready",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 300,
        },
        {
          key: "node.kubernetes.io/unreachable",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 300,
        },
      ]);
      assert.deepEqual(
        spec.volumes.filter((volume) => "hostPath" in volume),
        [{ name: "bridge", hostPath: { path: "/tmp/fuse-test-bridge", type: "DirectoryOrCreate" } }],
      );
    });
  }

  it("give the producer alone privilege and Bidirectional propagation", () => {
    const [container] = producer.spec.containers;
    assert.deepEqual(container?.securityContext, { privileged: true, runAsUser: 0 });
    assert.equal(container.volumeMounts[0]?.mountPath, "/mnt/dfs");
    assert.deepEqual(
      [producer, consumer, control].map(
        ({ spec }) => (spec.containers[0]?.volumeMounts[0] as { mountPropagation: string }).mountPropagation,
      ),
      ["Bidirectional", "HostToContainer", "None"],
    );
  });

  it("take every privilege from consumer and control", () => {
    for (const { spec } of [consumer, control]) {
      assert.deepEqual(spec.containers[0]?.securityContext, {
        privileged: false,
        allowPrivilegeEscalation: false,
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      });
    }
  });

  it("let consumer and control only read the bridge", () => {
    const readOnly = [consumer, control].map(
      ({ spec }) => (spec.containers[0]?.volumeMounts[0] as { readOnly: boolean }).readOnly,
    );
    assert.deepEqual(readOnly, [true, true]);
  });

  it("ask for the resources of the hand-run test", () => {
    assert.deepEqual(producer.spec.containers[0]?.resources, {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "256Mi" },
    });
    assert.deepEqual(consumer.spec.containers[0]?.resources, {
      requests: { cpu: "50m", memory: "64Mi" },
      limits: { cpu: "200m", memory: "128Mi" },
    });
  });

  it("never hand the nonce to a pod: neither the environment nor the programs hold one", () => {
    const text = JSON.stringify([producer, consumer, control]);
    assert.doesNotMatch(text, /nonce/i);
    assert.match(programs()["producer.sh"] ?? "", /\/dev\/urandom/);
  });

  it("give the pods one program a driver, and those that they share", () => {
    assert.deepEqual(
      Object.keys(programs()).sort(),
      [
        "cleaner.sh",
        "common.sh",
        "consumer.sh",
        "examination-common.sh",
        "examination-consumer.sh",
        "examination-producer.sh",
        "janitor.sh",
        "judge-checks.sh",
        "judge-words.sh",
        "judge.sh",
        "producer-cleanup.sh",
        "killed-driver.sh",
        "producer.sh",
        ...driverNames().map((name) => `driver-${name}.sh`),
      ].sort(),
    );
    assert.ok(driverNames().includes("rclone"));
  });

  it("deny all traffic in the namespace, which admits the privileged producer", () => {
    assert.deepEqual(networkPolicyManifest("fuse-test").spec, {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    assert.equal(
      namespaceManifest("fuse-test", "local-00000000").metadata.labels["pod-security.kubernetes.io/enforce"],
      "privileged",
    );
  });
});
