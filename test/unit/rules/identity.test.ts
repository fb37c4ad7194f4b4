import assert from "node:assert/strict";
import { kindsOf } from "../../../policy/rules/fuse-lookalikes";
import { impostors, providerViolations } from "../../../policy/rules/identity";
import { SECRET, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { linesOf } from "./violation-lines";

const namespace: Value = { apiVersion: "v1", kind: "Namespace", metadata: { name: "fuse-test" } };
const alone = "not that Namespace fuse-test is declared as kubernetes:core/v1:Namespace alone";

function found(type: string, value: Value): string[] {
  return linesOf(impostors(type, value));
}

describe("An object of the test, declared in another way", () => {
  it("is reported with its place", () => {
    const type = "kubernetes:core/v1:NamespacePatch";
    const at = (path: string, by: string) => [`resource ${path}: "fuse-test" of a ${by}, ${alone}`];
    assert.deepEqual(found(type, { metadata: { name: "fuse-test" } }), at("metadata.name", type));
    assert.deepEqual(found("mine:x:Y", { a: [namespace] }), at("a[0].metadata.name", "mine:x:Y"));
    assert.deepEqual(
      found("kubernetes:core/v1:NamespaceList", { items: [{ metadata: { name: "fuse-test" } }] }),
      at("items[0].metadata.name", "kubernetes:core/v1:NamespaceList"),
    );
    assert.deepEqual(found("mine:x:Y", { a: { b: 1 }, c: { kind: "Namespace" } }), []);
  });

  it("is identified by group, kind, name and namespace together", () => {
    const role = (version: string, kind: string, metadata: Value) =>
      found("mine:x:Y", { object: { apiVersion: version, kind, metadata } }).length;
    const rbac = "rbac.authorization.k8s.io/v1";
    const own = { name: "fuse-test-deployer", namespace: "fuse-test" };
    assert.equal(role(rbac, "Role", own), 1);
    assert.equal(role("rbac.authorization.k8s.io/v1beta1", "RolePatch", own), 1);
    assert.equal(role(rbac, "ClusterRole", own), 1);
    assert.equal(role(rbac, "ClusterRole", { name: own.name }), 1);
    assert.equal(role(rbac, "Role", { name: own.name }), 0);
    assert.equal(role(rbac, "Role", { ...own, namespace: "default" }), 0);
    assert.equal(role(rbac, "Role", { ...own, name: "x" }), 0);
    assert.equal(role("example.com/v1", "Role", own), 0);
    assert.equal(role("v1", "Role", own), 0);
    assert.equal(role("v1", "ResourceQuota", { name: "fuse-test", namespace: "FUSE-TEST" }), 1);
    assert.equal(role("apps/v1", "Namespace", { name: "fuse-test" }), 0);
  });
});

describe("A provider", () => {
  const type = "pulumi:providers:kubernetes";
  const judged = (props: Value, of = type) => linesOf(providerViolations(of, props));
  const config = (more: object): string =>
    JSON.stringify({
      "current-context": "a",
      contexts: [
        { name: "a", context: { namespace: "default" } },
        { name: "b", context: { namespace: "fuse-test" } },
      ],
      ...more,
    });

  it("has a literal namespace that is not the test's, or none", () => {
    for (const [value, what] of [
      [UNKNOWN, "a value that is not known yet, not a value that is known and not secret"],
      [SECRET, "a secret, not a value that is known and not secret"],
      ["fuse-test", '"fuse-test", not that it is not set'],
      ["Fuse-Test", '"Fuse-Test", not that it is not set'],
    ] as const) {
      assert.deepEqual(judged({ namespace: value, kubeconfig: "/x" }), [`namespace namespace: ${what}`]);
      assert.deepEqual(judged({ namespace: value }, "pulumi:providers:aws"), []);
    }
    assert.deepEqual(judged({ namespace: "default", kubeconfig: UNKNOWN }), []);
    assert.deepEqual(judged({}), []);
  });

  it("has a literal namespace beside a kubeconfig that cannot be read", () => {
    for (const name of [undefined, ""]) {
      const props = name === undefined ? {} : { namespace: name };
      assert.deepEqual(judged({ ...props, kubeconfig: SECRET }), [
        `namespace namespace: ${name === "" ? '""' : "nothing"}, not a literal namespace beside a kubeconfig that cannot be read`,
      ]);
    }
  });

  it("has no context with the test's namespace", () => {
    const refused = ['namespace kubeconfig: "fuse-test", not a context whose namespace is not "fuse-test"'];
    assert.deepEqual(judged({ kubeconfig: config({}) }), []);
    assert.deepEqual(judged({ kubeconfig: config({}), context: "b" }), refused);
    assert.deepEqual(judged({ kubeconfig: config({}), context: UNKNOWN }), refused);
    assert.deepEqual(judged({ kubeconfig: config({}), context: SECRET }), refused);
    assert.deepEqual(judged({ kubeconfig: config({ "current-context": "b" }) }), refused);
    assert.deepEqual(judged({ kubeconfig: config({ "current-context": "b" }), namespace: "" }), refused);
    assert.deepEqual(judged({ kubeconfig: config({ "current-context": "b" }), namespace: "x" }), []);
    assert.deepEqual(judged({ kubeconfig: config({ "current-context": "c" }) }), []);
    assert.deepEqual(judged({ kubeconfig: 1 }), []);
  });
});

describe("The kinds of a resource", () => {
  const named = (type: string, value: Value) =>
    kindsOf(type, value).map(({ group, kind, list, patch }) =>
      [group, kind, ...(list ? ["list"] : []), ...(patch ? ["patch"] : [])].join(" "),
    );

  it("are those of its type and of its own fields, once if they are the same", () => {
    const own = (apiVersion: string, kind: string): Value => ({ apiVersion, kind });
    assert.deepEqual(named("kubernetes:core/v1:Pod", own("v1", "Pod")), [" Pod"]);
    assert.deepEqual(named("kubernetes:apps/v1:Deployment", {}), ["apps Deployment"]);
    assert.deepEqual(named("mine:x:Y", own("batch/v1", "JobList")), ["batch Job list"]);
    assert.deepEqual(named("kubernetes:core/v1:PodPatch", {}), [" Pod patch"]);
    assert.deepEqual(named("kubernetes:core/v1:Pod", own("v1", "Service")), [" Pod", " Service"]);
    assert.deepEqual(named("kubernetes:core/v1:Pod", own("v1", "PodList")), [" Pod", " Pod list"]);
    assert.deepEqual(named("kubernetes:apps/v1:Job", own("batch/v1", "Job")), ["apps Job", "batch Job"]);
    assert.deepEqual(named("kubernetes:core/v1:Patch", {}), [" Patch"]);
  });

  it("are known by the name of another package's type, if it has the fields of such an object", () => {
    const spec = { containers: [] };
    const metadata = { name: "x" };
    assert.deepEqual(named("mine:x:Pod", { spec }), [" Pod"]);
    assert.deepEqual(named("mine:x:Pod", { metadata }), [" Pod"]);
    assert.deepEqual(named("mine:x/y:PodV1", { spec }), [" Pod"]);
    assert.deepEqual(named("mine:x:DeploymentV12alpha34", { metadata }), [" Deployment"]);
    assert.deepEqual(named("mine:x:DeploymentV1beta1", { metadata }), [" Deployment"]);
    assert.deepEqual(named("mine:x:Namespace", { metadata }), [" Namespace"]);
    assert.deepEqual(named("mine:x:Namespace", {}), []);
    assert.deepEqual(named("mine:x:Pod", { a: 1 }), []);
    assert.deepEqual(named("mine:x:PodV1x", { spec }), []);
    assert.deepEqual(named("mine:x:Thing", { metadata, spec }), []);
    assert.deepEqual(named("mine:Pod:Thing", { metadata, spec }), []);
  });
});
