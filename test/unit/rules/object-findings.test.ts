import assert from "node:assert/strict";
import { DEPLOYERS } from "../../../policy/admission/deployer";
import { suspicions } from "../../../policy/rules/fuse-lookalikes";
import { SECRET, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { DIRECTORY, READABLE } from "./requirements";
import { linesOf } from "./violation-lines";
import { values } from "./values";

const bridge = "/tmp/fuse-test-bridge";
const noDevice = "not no FUSE device";

function found(type: string, value: Value): string[] {
  return linesOf(suspicions(`kubernetes:${type}`, value));
}

const metadata = { name: "x", namespace: "default" };

describe("An object of a known kind", () => {
  it("is judged itself, although it has a field for the items of a list", () => {
    const spec = { volumes: [{ name: "v", hostPath: { path: bridge } }] };
    const violation = `fuse-elsewhere spec.volumes[0].hostPath.path: "${bridge}", not ${DIRECTORY}`;
    assert.deepEqual(found("core/v1:Pod", { metadata, spec, items: [] }), [violation]);
    assert.deepEqual(found("core/v1:Pod", { metadata, spec, items: [{ spec }] }), [violation]);
  });

  it("is judged in a list by the list's kind, unless it has its own", () => {
    const spec = { volumes: [{ name: "v", hostPath: { path: bridge } }] };
    const at = (index: number) =>
      `fuse-elsewhere items[${index}].spec.volumes[0].hostPath.path: "${bridge}", not ${DIRECTORY}`;
    const own = { apiVersion: "v1", kind: "Pod", spec };
    const other = { apiVersion: "v1", kind: "Service", spec };
    assert.deepEqual(found("core/v1:PodList", { items: [{ spec }, own, other] }), [at(0), at(1)]);
    assert.deepEqual(found("core/v1:List", { items: [own] }), [at(0)]);
    for (const items of ["x", {}, null]) assert.deepEqual(found("core/v1:PodList", { items }), []);
    assert.deepEqual(found("core/v1:PodList", { items: [UNKNOWN] }), [
      `fuse-elsewhere items[0]: a value that is not known yet, not ${READABLE}`,
    ]);
  });

  it("has a template whose metadata must be READABLE, although it has no spec", () => {
    const template = (value: Value) => found("apps/v1:Deployment", { metadata, spec: { template: value } });
    assert.deepEqual(template({ metadata: SECRET }), [
      `fuse-elsewhere spec.template.metadata: a secret, not ${READABLE}`,
    ]);
    assert.deepEqual(template({}), []);
    assert.deepEqual(template({ metadata: {} }), []);
  });
});

describe("A persistent volume", () => {
  it("is judged by its directory and by the parameters of its driver", () => {
    const volume = (spec: Value) => found("core/v1:PersistentVolume", { metadata: { name: "x" }, spec });
    assert.deepEqual(volume({ csi: { volumeAttributes: { a: bridge } } }), [
      `fuse-elsewhere spec.csi.volumeAttributes.a: "${bridge}", not ${DIRECTORY}`,
    ]);
    for (const key of ["hostPath", "local"]) {
      for (const path of [bridge, "/tmp", "/dev"]) {
        assert.deepEqual(volume({ [key]: { path } }), [
          `fuse-elsewhere spec.${key}.path: "${path}", not ${DIRECTORY}`,
        ]);
      }
      assert.deepEqual(volume({ [key]: { path: "/srv" } }), []);
    }
    assert.deepEqual(found("core/v1:PersistentVolume", { metadata: { name: "x" } }), []);
  });
});

describe("Devices", () => {
  const labels = { driver: "fuse", expression: "fuse" };

  it("are selected by a claim's specification alone", () => {
    for (const kind of ["ResourceClaim", "ResourceClaimTemplate"]) {
      const claim = (spec: Value) =>
        found(`resource.k8s.io/v1:${kind}`, { metadata: { ...metadata, labels }, spec });
      for (const key of ["deviceClassName", "expression", "driver", "extendedResourceName"]) {
        assert.deepEqual(claim({ a: [{ [key]: "x-fuse" }] }), [
          `fuse-elsewhere spec.a[0].${key}: "x-fuse", ${noDevice}`,
        ]);
      }
      assert.deepEqual(claim({ a: [{ deviceClassName: "gpu", name: "fuse" }] }), []);
      assert.deepEqual(claim({ a: SECRET }), [`fuse-elsewhere spec.a: a secret, not ${READABLE}`]);
    }
  });

  it("are provided by a class's name and specification", () => {
    const one = (name: string, spec: Value) =>
      found("resource.k8s.io/v1:DeviceClass", { metadata: { name, labels }, spec });
    assert.deepEqual(one("fuse", {}), [`fuse-elsewhere metadata.name: "fuse", ${noDevice}`]);
    assert.deepEqual(one("x", { extendedResourceName: "a/fuse" }), [
      `fuse-elsewhere spec.extendedResourceName: "a/fuse", ${noDevice}`,
    ]);
    assert.deepEqual(one("x", {}), []);
  });
});

describe("A binding of rights", () => {
  it("has no subject that is or could be the group of the deployers", () => {
    for (const kind of ["RoleBinding", "ClusterRoleBinding"]) {
      const bound = (subject: Value) =>
        suspicions(`kubernetes:rbac.authorization.k8s.io/v1:${kind}`, { metadata, subjects: [subject] }).map(
          ({ path, required }) => `${path}: ${required}`,
        );
      const refused = [`subjects[0]: no further rights for the group ${DEPLOYERS}`];
      for (const subject of values(
        UNKNOWN,
        { kind: "Group", name: DEPLOYERS },
        { kind: "Group", name: SECRET },
        { kind: UNKNOWN, name: DEPLOYERS },
        { kind: UNKNOWN, name: UNKNOWN },
      )) {
        assert.deepEqual(bound(subject), refused);
      }
      for (const subject of values(
        { kind: "User", name: DEPLOYERS },
        { kind: "User", name: UNKNOWN },
        { kind: UNKNOWN, name: "x" },
        { kind: "Group", name: "x" },
      )) {
        assert.deepEqual(bound(subject), []);
      }
    }
  });
});
