import assert from "node:assert/strict";
import { namespaces, podSpecs } from "../../../policy/rules/fuse-lookalikes";
import { UNKNOWN, type Value } from "../../../policy/rules/snapshot";

describe("A walk through a resource", () => {
  it("ends at any nesting of texts", () => {
    let text = "metadata: {namespace: deep}";
    for (let level = 0; level < 12; level += 1) text = JSON.stringify({ a: text });
    assert.deepEqual(namespaces("mine:index:Thing", { text }), []);
  });

  it("finds every object that runs containers, known or not, with its path", () => {
    const spec = { containers: [] };
    const value: Value = {
      spec: { template: { spec } },
      items: [{ initContainers: UNKNOWN }, { ephemeralContainers: [] }, { containers: "none" }],
      more: [{ containers: UNKNOWN }, { ephemeralContainers: UNKNOWN }, { otherContainers: UNKNOWN }],
    };
    assert.deepEqual(
      podSpecs(value).map(({ path }) => path),
      ["spec.template.spec", "items[0]", "items[1]", "more[0]", "more[1]"],
    );
    assert.deepEqual(podSpecs(spec), [{ path: "", spec }]);
  });

  it("finds the namespaces that metadata names, with their paths, also in a text", () => {
    const value: Value = {
      metadata: { namespace: "a" },
      namespace: "b",
      involvedObject: { namespace: "d" },
      items: [{ metadata: { namespace: UNKNOWN } }, { metadata: { name: "c" } }, { metadata: UNKNOWN }],
      text: "metadata: {namespace: e}",
    };
    assert.deepEqual(namespaces("mine:index:Thing", value), [
      { path: "metadata.namespace", namespace: "a" },
      { path: "items[0].metadata.namespace", namespace: UNKNOWN },
      { path: "text.metadata.namespace", namespace: "e" },
    ]);
    const data = { metadata: { namespace: "a" }, data: { x: "metadata: {namespace: fuse-test}" } };
    assert.deepEqual(namespaces("kubernetes:core/v1:ConfigMap", data), [
      { path: "metadata.namespace", namespace: "a" },
    ]);
    // A type and fields of two kinds: what one of them contains is read.
    assert.deepEqual(namespaces("kubernetes:core/v1:ConfigMap", { ...data, apiVersion: "x/v1", kind: "Y" }), [
      { path: "metadata.namespace", namespace: "a" },
      { path: "data.x.metadata.namespace", namespace: "fuse-test" },
    ]);
  });

  it("finds the target namespaces of controllers, and of charts", () => {
    const target: Value = { spec: { targetNamespace: "a" } };
    assert.deepEqual(namespaces("kubernetes:x.io/v1:Y", target), [
      { path: "spec.targetNamespace", namespace: "a" },
    ]);
    assert.deepEqual(namespaces("mine:index:Thing", target), []);
    const release: Value = { namespace: "b", chart: "c" };
    for (const type of ["kubernetes:helm.sh/v3:Release", "kubernetes:kustomize/v2:Directory"])
      assert.deepEqual(namespaces(type, release), [{ path: "namespace", namespace: "b" }]);
    assert.deepEqual(namespaces("kubernetes:helm.sh/v3:Release", { chart: "c" }), []);
    assert.deepEqual(namespaces("kubernetes:x.io/v1:Y", release), []);
  });
});
