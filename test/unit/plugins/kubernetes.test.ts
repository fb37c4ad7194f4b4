import assert from "node:assert/strict";
import fc from "fast-check";
import { diffObjects, pathText } from "../../../toolchain/plugins/kubernetes/difference";
import { idOf, kindOf, pathOf, placeOfId } from "../../../toolchain/plugins/kubernetes/kinds";
import { inputsFromLive } from "../../../toolchain/plugins/kubernetes/live";
import { applied, fieldManager, named, outputsOf } from "../../../toolchain/plugins/kubernetes/objects";
import { sameQuantity } from "../../../toolchain/plugins/kubernetes/quantity";
import { asSecret, isSecret, type Properties } from "../../../toolchain/plugins/rpc/values";

const pod = kindOf("kubernetes:core/v1:Pod");
const configMap = kindOf("kubernetes:core/v1:ConfigMap");
const secret = kindOf("kubernetes:core/v1:Secret");
const mutability = { configMapMutable: false, secretMutable: false };

function podInputs(spec: Properties, metadata: Properties = {}): Properties {
  return { metadata: { name: "p", namespace: "n", ...metadata }, spec };
}

function podDifference(before: Properties, after: Properties): readonly [string, boolean][] {
  const { properties } = diffObjects(pod, { olds: podInputs(before), news: podInputs(after), mutability });
  return properties.map(({ path, replaces }) => [path, replaces]);
}

describe("the address of an object", () => {
  it("follows from its type token", () => {
    assert.equal(pathOf({ kind: pod, namespace: "n", name: "p" }), "/api/v1/namespaces/n/pods/p");
    assert.equal(
      pathOf({ kind: kindOf("kubernetes:core/v1:Node"), namespace: "", name: "w2" }),
      "/api/v1/nodes/w2",
    );
    assert.equal(
      pathOf({ kind: kindOf("kubernetes:networking.k8s.io/v1:NetworkPolicy"), namespace: "n", name: "x" }),
      "/apis/networking.k8s.io/v1/namespaces/n/networkpolicies/x",
    );
    assert.equal(
      pathOf({
        kind: kindOf("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"),
        namespace: "",
        name: "a:b",
      }),
      "/apis/rbac.authorization.k8s.io/v1/clusterroles/a%3Ab",
    );
  });

  it("is refused for kinds that are not known, naming the official plugin", () => {
    for (const type of ["kubernetes:apps/v1:Deployment", "kubernetes:helm.sh/v3:Release", "constructor"]) {
      assert.throws(() => kindOf(type), {
        message: `${type} needs Pulumi's own kubernetes plugin. Install it: pulumi plugin install resource kubernetes 4.34.2`,
      });
    }
  });

  it("can be told from an id", () => {
    assert.deepEqual(placeOfId(pod, "n/p"), { kind: pod, namespace: "n", name: "p" });
    assert.deepEqual(placeOfId(pod, "p"), { kind: pod, namespace: "default", name: "p" });
    const namespace = kindOf("kubernetes:core/v1:Namespace");
    assert.deepEqual(placeOfId(namespace, "n"), { kind: namespace, namespace: "", name: "n" });
    assert.equal(idOf({ kind: pod, namespace: "n", name: "p" }), "n/p");
  });
});

describe("the difference between two objects", () => {
  it("replaces a pod for what the API server does not change", () => {
    const container = { name: "c", image: "i:1", command: ["a"] };
    assert.deepEqual(podDifference({ containers: [container] }, { containers: [container] }), []);
    assert.deepEqual(
      podDifference({ containers: [container] }, { containers: [{ ...container, command: ["b"] }] }),
      [["spec.containers[0].command[0]", true]],
    );
    assert.deepEqual(podDifference({ nodeName: "w1" }, { nodeName: "w2" }), [["spec.nodeName", true]]);
  });

  it("updates a pod in place for its images, its deadline, new tolerations and its metadata", () => {
    const before = { containers: [{ name: "c", image: "i:1" }], tolerations: [{ key: "a" }] };
    const after = {
      containers: [{ name: "c", image: "i:2" }],
      tolerations: [{ key: "a" }, { key: "b" }],
      activeDeadlineSeconds: 5,
    };
    assert.deepEqual(podDifference(before, after), [
      ["spec.containers[0].image", false],
      ["spec.tolerations[1]", false],
      ["spec.activeDeadlineSeconds", false],
    ]);
    assert.deepEqual(podDifference(after, { ...after, tolerations: [{ key: "a" }] }), [
      ["spec.tolerations[1]", true],
    ]);
    const labelled = podInputs({}, { labels: { "a.b/c": "1" } });
    assert.deepEqual(diffObjects(pod, { olds: podInputs({}), news: labelled, mutability }), {
      properties: [{ path: "metadata.labels", kind: "add", replaces: false }],
      deleteBeforeReplace: false,
    });
  });

  it("deletes first where the program chose the name", () => {
    const olds = { metadata: { name: "c", namespace: "n" }, data: { a: "1" } };
    const news = { metadata: { name: "c", namespace: "n" }, data: { a: "2" } };
    assert.equal(diffObjects(configMap, { olds, news, mutability }).deleteBeforeReplace, true);
    const moved = { ...olds, metadata: { name: "d", namespace: "n" } };
    assert.deepEqual(diffObjects(configMap, { olds, news: moved, mutability }), {
      properties: [{ path: "metadata.name", kind: "update", replaces: true }],
      deleteBeforeReplace: false,
    });
    const annotations = { "pulumi.com/autonamed": "true" };
    const autonamed = (data: Properties): Properties => ({ metadata: { name: "c", annotations }, data });
    assert.equal(
      diffObjects(configMap, { olds: autonamed({ a: "1" }), news: autonamed({ a: "2" }), mutability })
        .deleteBeforeReplace,
      false,
    );
  });

  it("replaces a ConfigMap whose data changes, unless the provider may change it in place", () => {
    const olds = { metadata: { name: "c" }, data: { "a.b": "1" } };
    const news = { metadata: { name: "c" }, data: { "a.b": "2" } };
    const path = 'data["a.b"]';
    const changed = (old: Properties, configMapMutable: boolean): boolean | undefined =>
      diffObjects(configMap, {
        olds: old,
        news,
        mutability: { configMapMutable, secretMutable: false },
      }).properties.find((property) => property.path === path)?.replaces;
    assert.equal(changed(olds, false), true);
    assert.equal(changed(olds, true), false);
    assert.equal(changed({ ...olds, immutable: true }, true), true);
  });

  it("sees through secrets", () => {
    const olds = { stringData: { a: asSecret("1") } };
    assert.deepEqual(
      diffObjects(secret, { olds, news: { stringData: { a: "1" } }, mutability }).properties,
      [],
    );
  });

  it("writes paths as the engine reads them", () => {
    assert.equal(pathText(["spec", "containers", 0, "image"]), "spec.containers[0].image");
    assert.equal(pathText(["data", "a.b"]), 'data["a.b"]');
  });

  it("is none between any object and itself", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Properties>;
    fc.assert(
      fc.property(object, (inputs) => {
        assert.deepEqual(diffObjects(pod, { olds: inputs, news: inputs, mutability }).properties, []);
      }),
    );
  });
});

describe("an object's inputs", () => {
  const autoname = (): string => "c-12345678";

  it("get the provider's namespace and a name where they have none", () => {
    const olds = {};
    assert.deepEqual(named(configMap, {}, { olds, namespace: "n", autoname }), {
      metadata: { namespace: "n", name: "c-12345678", annotations: { "pulumi.com/autonamed": "true" } },
    });
    const chosen = { metadata: { name: "c", namespace: "m" } };
    assert.deepEqual(named(configMap, chosen, { olds, namespace: "n", autoname }), chosen);
    assert.deepEqual(
      named(
        kindOf("kubernetes:core/v1:Namespace"),
        { metadata: { name: "x" } },
        { olds, namespace: "n", autoname },
      ),
      {
        metadata: { name: "x" },
      },
    );
  });

  it("keep a name that was made up before", () => {
    const olds = { metadata: { name: "c-old", annotations: { "pulumi.com/autonamed": "true" } } };
    const inputs = named(configMap, {}, { olds, namespace: "n", autoname });
    assert.equal((inputs.metadata as Properties).name, "c-old");
  });

  it("are applied without marks, status and nulls", () => {
    const inputs = { metadata: { name: "s" }, data: { a: asSecret("1"), b: null }, status: {}, __x: 1 };
    assert.deepEqual(applied(secret, inputs), {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      data: { a: "1" },
    });
  });

  it("are owned by a field manager of their own", () => {
    assert.match(fieldManager("urn:a", {}), /^pulumi-kubernetes-[0-9a-f]{8}$/u);
    assert.notEqual(fieldManager("urn:a", {}), fieldManager("urn:b", {}));
    const annotations = { "pulumi.com/patchFieldManager": "mine" };
    assert.equal(fieldManager("urn:a", { metadata: { annotations } }), "mine");
  });

  it("are read back from a live pod without what admission added", () => {
    const inputs = podInputs({
      tolerations: [{ key: "a" }],
      volumes: [{ name: "d", hostPath: { path: "/x" } }],
    });
    const live = {
      kind: "Pod",
      metadata: { name: "p", namespace: "n", uid: "1" },
      spec: {
        tolerations: [{ key: "a" }, { key: "node.kubernetes.io/not-ready" }],
        volumes: [{ name: "token" }, { name: "d", hostPath: { path: "/x", type: "" } }],
      },
      status: { phase: "Running" },
    };
    assert.deepEqual(inputsFromLive(live, inputs), inputs);
  });

  it("show what others changed in a live object", () => {
    const inputs = {
      metadata: { name: "r" },
      rules: [{ verbs: ["get"] }],
      cpu: "0.1",
      secret: asSecret("a"),
    };
    const live = {
      metadata: { name: "r" },
      rules: [{ verbs: ["get"] }, { verbs: ["*"] }],
      cpu: "100m",
      secret: "b",
    };
    assert.deepEqual(inputsFromLive(live, inputs), {
      metadata: { name: "r" },
      rules: [{ verbs: ["get"] }, { verbs: ["*"] }],
      cpu: "0.1",
      secret: asSecret("b"),
    });
  });

  it("of an imported object are all but what the API server fills in", () => {
    const live = {
      kind: "ConfigMap",
      metadata: { name: "c", uid: "1", resourceVersion: "2" },
      data: {},
      status: {},
    };
    assert.deepEqual(inputsFromLive(live, {}), { kind: "ConfigMap", metadata: { name: "c" }, data: {} });
  });
});

describe("an object's outputs", () => {
  it("keep secret what came from a secret, and all that a Secret holds", () => {
    const live = { metadata: { name: "c", managedFields: [] }, data: { a: "1", b: "2" } };
    assert.deepEqual(outputsOf(configMap, live, { data: { a: asSecret("1") } }), {
      metadata: { name: "c" },
      data: { a: asSecret("1"), b: "2" },
    });
    assert.equal(isSecret(outputsOf(secret, live, {}).data), true);
  });

  it("know the same quantity in another notation", () => {
    assert.equal(sameQuantity("100m", "0.1"), true);
    assert.equal(sameQuantity("64Mi", "67108864"), true);
    assert.equal(sameQuantity("64Mi", "64M"), false);
    assert.equal(sameQuantity("a", "a"), false);
  });
});
