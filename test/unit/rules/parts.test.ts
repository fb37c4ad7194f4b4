import assert from "node:assert/strict";
import { suspicions } from "../../../policy/rules/fuse-lookalikes";
import { SECRET, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { DIRECTORY } from "./requirements";
import { linesOf } from "./violation-lines";

const POD = "kubernetes:core/v1:Pod";
const PATCH = "kubernetes:core/v1:PodPatch";
const both = "an image and a securityContext, both literally";
const bridge = "/tmp/fuse-test-bridge";

function pod(spec: Value): Value {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "x", namespace: "default" }, spec };
}

function found(spec: Value, type = POD): string[] {
  return linesOf(suspicions(type, pod(spec)));
}

const mounting = (mount: Value, more: object = {}): Value => ({
  containers: [{ name: "c", image: "nginx", volumeMounts: [mount] }],
  ...more,
});

describe("The parts of a pod", () => {
  it("include the part of a volume that is not visible", () => {
    const wrong = (part: string) => [
      `fuse-elsewhere spec.containers[0].volumeMounts[0].subPath: "${part}", not ${DIRECTORY}`,
    ];
    assert.deepEqual(found(mounting({ name: "v", subPath: "fuse" }), PATCH), wrong("fuse"));
    assert.deepEqual(found(mounting({ name: "v", subPath: "fuse" })), wrong("fuse"));
    assert.deepEqual(found(mounting({ name: "v", subPath: "a" }), PATCH), []);
    assert.deepEqual(found(mounting({ name: "v", subPathExpr: "$(A)" })), []);
    assert.deepEqual(found(mounting({ name: "v", subPathExpr: "$(A)" }), PATCH).length, 1);
    assert.deepEqual(found(mounting({ name: "v", subPath: SECRET }), PATCH).length, 1);
    assert.deepEqual(found(mounting({ name: "v", subPath: "fuse" }, { volumes: [{ name: "v" }] })), []);
  });

  it("include a StatefulSet's claims", () => {
    const set = (claim: string): Value => ({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "x", namespace: "default" },
      spec: {
        template: { spec: mounting({ name: "v", subPath: "fuse" }) },
        volumeClaimTemplates: [{ metadata: { name: claim } }],
      },
    });
    assert.deepEqual(suspicions("kubernetes:apps/v1:StatefulSet", set("v")), []);
    assert.equal(suspicions("kubernetes:apps/v1:StatefulSet", set("w")).length, 1);
  });

  it("include the fields that a patch does not set", () => {
    const privileged = { privileged: true };
    const container = (more: object): Value => ({ containers: [{ name: "c", ...more }] });
    const violation = (what: string) => [`fuse-elsewhere spec.containers[0]: ${what}, not ${both}`];
    assert.deepEqual(
      found(container({ securityContext: privileged }), PATCH),
      violation('{"name":"c","securityContext":{"privileged":true}}'),
    );
    assert.deepEqual(
      found(container({ image: "rclone" }), PATCH),
      violation('{"name":"c","image":"rclone"}'),
    );
    assert.deepEqual(found(container({ image: "rclone" })), []);
    assert.deepEqual(found(container({ image: "rclone", securityContext: {} }), PATCH), []);
    assert.deepEqual(found(container({ securityContext: { privileged: false } }), PATCH), []);
    assert.deepEqual(found(container({ image: "nginx", securityContext: privileged }), PATCH), []);
  });

  it("include the parameters of a driver", () => {
    const volume = (source: object): Value => ({ volumes: [{ name: "v", ...source }] });
    const at = (path: string) => [`fuse-elsewhere spec.volumes[0].${path}: "${bridge}", not ${DIRECTORY}`];
    assert.deepEqual(
      found(volume({ csi: { volumeAttributes: { a: bridge } } })),
      at("csi.volumeAttributes.a"),
    );
    assert.deepEqual(found(volume({ csi: { volumeHandle: bridge } })), at("csi.volumeHandle"));
    assert.deepEqual(
      found(volume({ flexVolume: { options: { a: 1, b: bridge } } })),
      at("flexVolume.options.b"),
    );
    assert.deepEqual(found(volume({ nfs: { path: bridge } })), at("nfs.path"));
    for (const path of ["/srv", "/proc/1/root", "../x", 1, null, UNKNOWN]) {
      assert.deepEqual(found(volume({ nfs: { path } })), []);
    }
  });

  it("include the devices that a container requests from its runtime", () => {
    const container = (more: object): Value => ({ containers: [{ name: "c", image: "nginx", ...more }] });
    const variable = { name: "X_VISIBLE_DEVICES", value: "a.b/fuse=0" };
    assert.deepEqual(found(container({ env: [{ name: "A", value: "fuse" }, variable] })), [
      `fuse-elsewhere spec.containers[0].env[1]: ${JSON.stringify(variable)}, not no FUSE device`,
    ]);
    const mount = { name: "v", mountPath: "/var/run/nvidia-container-devices/cdi/a/fuse" };
    assert.deepEqual(
      found({ ...(container({ volumeMounts: [mount] }) as object), volumes: [{ name: "v" }] }),
      [`fuse-elsewhere spec.containers[0].volumeMounts[0]: ${JSON.stringify(mount)}, not no FUSE device`],
    );
    for (const env of [
      { name: "X_VISIBLE_DEVICES", value: UNKNOWN },
      { name: UNKNOWN, value: "fuse" },
    ]) {
      assert.deepEqual(found(container({ env: [env] })), []);
    }
  });

  it("have no kind by a name that every JavaScript object has", () => {
    for (const kind of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      const value: Value = { apiVersion: "v1", kind, metadata: { name: "x" }, constructor: 1 };
      assert.deepEqual(linesOf(suspicions(`kubernetes:core/v1:${kind}`, value)), []);
    }
  });

  it("can be set by their names in a text", () => {
    const type = "kubernetes:example.com/v1:Thing";
    const set = (more: object): string[] =>
      linesOf(
        suspicions(type, {
          apiVersion: "example.com/v1",
          kind: "Thing",
          metadata: { name: "x" },
          spec: { a: { ...more } },
        }),
      );
    const plain = "a value that makes no FUSE test";
    const value = "Bidirectional";
    for (const key of ["path", "name", "key"]) {
      assert.deepEqual(set({ [key]: "/a/mount_propagation", value }), [
        `fuse-elsewhere spec.a: "Bidirectional", not ${plain}`,
      ]);
    }
    assert.equal(set({ name: "x.hostPath", value: "/proc/1/fd/2" }).length, 1);
    assert.equal(set({ name: "x/hostPath/path", value: "/proc/1/fd/2" }).length, 1);
    assert.equal(set({ name: "x.subPath", value: "fuse" }).length, 1);
    assert.equal(set({ name: "cdi.k8s.io/x", value: "a/fuse=b" }).length, 1);
    for (const harmless of [
      { name: "a.mountPropagation", value: "None" },
      { name: "a.mountPropagationX", value },
      { other: "a.mountPropagation", value },
      { name: "a.hostPath.type", value: "/proc/1/fd/2" },
      { name: "a.subPath", value: "a" },
      { name: "a.mountPropagation", value: 1 },
    ]) {
      assert.deepEqual(set(harmless), [], JSON.stringify(harmless));
    }
  });
});
