import assert from "node:assert/strict";
import { kindOf } from "../../../policy/rules/kinds";
import { finding, type Part } from "../../../policy/rules/pod-parts";
import { searchFindings, textFindings, written } from "../../../policy/rules/search";
import { type Fields, SECRET, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { DESCRIBES, DEVICE, DIRECTORY, PRIVILEGE, READABLE } from "./requirements";
import { values } from "./values";

const BRIDGE = "/tmp/fuse-test-bridge";

/** A forbidden directory that no text describes. */
const FORBIDDEN = "/proc/1/root";

/** Searches a value in which an object of any kind is only noted, and returns `path: requirement` of each violation. */
function search(value: Value, options: { strict?: boolean; path?: string } = {}): string[] {
  const { strict = false, path = "r" } = options;
  return searchFindings(
    { path, value },
    { strict, judge: ({ kind }, part) => [finding(part.path, part.value, `object of kind ${kind}`)] },
  ).map((one) => `${one.path}: ${one.required}`);
}

const PROPAGATION = "None or HostToContainer, literally";
const SETTING = "a value that makes no FUSE test";
const SHORT = "a text that is short and flat enough to be read";

describe("The search of unknown fields", () => {
  it("finds a directory of the node by its field, in the spellings of any language", () => {
    for (const key of ["hostPath", "host_path", "HostPath", "local"]) {
      assert.deepEqual(search({ a: { [key]: { path: FORBIDDEN } } }), [`r.a.${key}.path: ${DIRECTORY}`], key);
      assert.deepEqual(search({ [key]: FORBIDDEN }), [`r.${key}: ${DIRECTORY}`], key);
      assert.deepEqual(search({ [key]: { path: UNKNOWN } }), [`r.${key}.path: ${DIRECTORY}`], key);
      for (const harmless of [{ path: "/srv" }, "/srv", {}, { path: 1 }, { path: null }, null])
        assert.deepEqual(search({ [key]: harmless }), [], key);
    }
    assert.deepEqual(search({ "host-path": FORBIDDEN }), [`r["host-path"]: ${DIRECTORY}`]);
    assert.deepEqual(search({ hostPath: SECRET }), [`r.hostPath: ${DIRECTORY}`]);
    assert.deepEqual(search({ local: SECRET }), []);
    assert.deepEqual(search({ hostPaths: { path: FORBIDDEN }, path: FORBIDDEN }), []);
  });

  it("finds a mount that propagates, in the spellings of any language", () => {
    for (const key of ["mountPropagation", "mount_propagation", "mount-propagation", "MountPropagation"])
      for (const value of values(
        "Bidirectional",
        "bidirectional",
        " BIDIRECTIONAL ",
        UNKNOWN,
        SECRET,
        "{{ .p }}",
      ))
        assert.deepEqual(search({ m: { [key]: value } }), [`r.m.mountPropagation: ${PROPAGATION}`]);
    for (const value of ["", "None", "HostToContainer", "Bidirectionally", "{ .p }", 1, null, {}])
      assert.deepEqual(search({ m: { mountPropagation: value } }), []);
    for (const value of ["${p}", "$(p)", "<% p %>"])
      assert.deepEqual(search({ m: { mountPropagation: value } }), [`r.m.mountPropagation: ${PROPAGATION}`]);
  });

  it("joins a mount's part to the directory of the volume that is found beside it", () => {
    const both = (path: string, part: Value, key = "subPath"): string[] =>
      search({ v: [{ name: "d", hostPath: { path } }], m: [{ name: "d", [key]: part }] });
    assert.deepEqual(both("/dev", "fuse"), [`r.m[0].subPath: ${DIRECTORY}`]);
    assert.deepEqual(both("/dev", "fuse", "sub_path"), [`r.m[0].subPath: ${DIRECTORY}`]);
    assert.deepEqual(both("/tmp", "$(A)", "subPathExpr"), [`r.m[0].subPathExpr: ${DIRECTORY}`]);
    assert.deepEqual(both("/srv", "fuse"), []);
    assert.deepEqual(both("/dev", "null"), []);
    assert.deepEqual(both("/dev", 1), []);
  });

  it("exempts a mount below the kubelet's directory, and in another directory if no FUSE program runs", () => {
    const mounting = (path: string, more: Record<string, Value> = {}): string[] =>
      search({
        v: [{ name: "d", hostPath: { path } }],
        m: [{ name: "d", mountPropagation: "Bidirectional" }],
        ...more,
      });
    const refused = [`r.m[0].mountPropagation: ${PROPAGATION}`];
    assert.deepEqual(mounting("/srv"), refused);
    assert.deepEqual(mounting("/var/lib/kubelet/plugins"), []);
    assert.deepEqual(mounting("/var/lib/kubelet"), []);
    for (const more of [
      { image: "x/rclone:1" },
      { command: ["sh", "rclone"] },
      { args: "rclone mount" },
      { env: [{ name: "A", value: "rclone" }] },
    ] as Record<string, Value>[])
      assert.deepEqual(mounting("/var/lib/kubelet", more), refused, JSON.stringify(more));
    for (const more of [
      { image: { repository: "rclone" } },
      { images: "rclone" },
      { name: "rclone" },
    ] as Record<string, Value>[])
      assert.deepEqual(mounting("/var/lib/kubelet", more), [], JSON.stringify(more));
  });

  it("finds a text that sets a field by its name", () => {
    const set = (key: string, name: Value, value: Value): string[] => search([{ [key]: name, value }]);
    const wrong = [`r[0]: ${SETTING}`];
    for (const key of ["path", "name", "key"]) {
      assert.deepEqual(set(key, "/spec/volumes/0/hostPath/path", FORBIDDEN), wrong);
      assert.deepEqual(set(key, "volumes[0].hostPath.path", FORBIDDEN), wrong);
      assert.deepEqual(set(key, "a.host_path", FORBIDDEN), wrong);
      assert.deepEqual(set(key, "mounts[0].mountPropagation", " bidirectional "), wrong);
      assert.deepEqual(set(key, "mounts[0].mount-propagation", "Bidirectional"), wrong);
      assert.deepEqual(set(key, "mounts[0].subPath", "fuse-test-bridge"), wrong);
      assert.deepEqual(set(key, "devices.noderesource.dev/container.c", "path: /dev/fuse"), [
        ...wrong,
        ...search([{ value: "path: /dev/fuse" }]),
      ]);
    }
    for (const [name, value] of [
      ["hostPath.path", "/srv"],
      ["hostPath.paths", "fuse-test"],
      ["mountPropagation", "None"],
      ["mountPropagation.x", "Bidirectional"],
      ["subPath", "data"],
      ["other", "fuse"],
      [1, "fuse"],
    ] as const)
      assert.deepEqual(set("path", name, value), [], String(name));
    assert.deepEqual(set("path", "hostPath", 1), []);
    assert.deepEqual(set("other", "mountPropagation", "Bidirectional"), []);
  });

  it("finds devices, drivers' texts and annotations", () => {
    assert.deepEqual(search({ resources: { limits: { "example.com/fuse": 1 } } }), [
      `r.resources.limits["example.com/fuse"]: ${DEVICE}`,
    ]);
    assert.deepEqual(search({ c: { env: [{ name: "X_VISIBLE_DEVICES", value: "fuse" }] } }), [
      `r.c.env[0]: ${DEVICE}`,
    ]);
    assert.deepEqual(search({ csi: { volumeHandle: BRIDGE } }).slice(0, 1), [
      `r.csi.volumeHandle: ${DIRECTORY}`,
    ]);
    for (const key of ["deviceClassName", "extendedResourceName"]) {
      assert.deepEqual(search({ a: { [key]: "my-fuse" } }), [`r.a.${key}: ${DEVICE}`]);
      assert.deepEqual(search({ a: { [key]: "gpu" }, deviceClass: "my-fuse" }), []);
    }
    for (const key of ["annotations", "podAnnotations", "pod_annotations"]) {
      const annotated = { [key]: { "cdi.k8s.io/x": "vendor.com/fuse=1" } };
      assert.deepEqual(search(annotated), [`r.${key}["cdi.k8s.io/x"]: ${DEVICE}`]);
    }
    assert.deepEqual(search({ annotation: { "cdi.k8s.io/x": "vendor.com/fuse=1" } }), []);
  });

  it("finds privilege beside the test's own image or labels, and no other", () => {
    const privileged = { securityContext: { privileged: true } };
    const wrong = [`r.a.securityContext: ${PRIVILEGE}`];
    for (const own of [
      { image: "x/fuse-test:1" },
      { rcloneImage: { repository: "rclone/rclone" } },
      { labels: { "fuse-test/run": "r1" } },
      { pod_labels: { "app.kubernetes.io/name": "fuse-test" } },
      { podLabels: UNKNOWN },
    ] as Record<string, Value>[])
      assert.deepEqual(search({ a: privileged, b: own }), wrong, JSON.stringify(Object.keys(own)));
    for (const other of [
      { image: "nginx" },
      { labels: { "app.kubernetes.io/name": "x" } },
      { images: "rclone" },
      { label: { "fuse-test/run": "r1" } },
    ] as Record<string, Value>[])
      assert.deepEqual(search({ a: privileged, b: other }), [], JSON.stringify(other));
    const own = { image: "rclone" };
    assert.deepEqual(search({ podSecurityContext: { privileged: true }, own }), [
      `r.podSecurityContext: ${PRIVILEGE}`,
    ]);
    for (const context of [{ privileged: false }, {}, { runAsUser: 1 }])
      assert.deepEqual(search({ securityContext: context, own }), []);
    assert.deepEqual(search({ security: { privileged: true }, own }), []);
  });

  it("judges an object at any depth by its kind, and not its fields again", () => {
    const pod = { apiVersion: "v1", kind: "Pod", hostPath: FORBIDDEN };
    assert.deepEqual(search({ a: [{ b: pod }] }), ["r.a[0].b: object of kind Pod"]);
    assert.deepEqual(search({ a: { ...pod, kind: 1 } }), [`r.a.hostPath: ${DIRECTORY}`]);
    // The value itself is the object whose unknown fields are searched.
    assert.deepEqual(search(pod), [`r.hostPath: ${DIRECTORY}`]);
    assert.deepEqual(search([pod]), ["r[0]: object of kind Pod"]);
    assert.deepEqual(search(JSON.stringify(pod)), ["r: object of kind Pod"]);
    assert.deepEqual(search({ text: `${JSON.stringify(pod)}\n---\n{"kind": "B", "apiVersion": "v1"}` }), [
      "r.text: object of kind Pod",
      "r.text: object of kind B",
    ]);
  });

  it("reads texts in texts up to a depth, and refuses those that go deeper", () => {
    const nested = (levels: number, inner: string): Value => {
      let text = inner;
      for (let level = 0; level < levels; level += 1) text = JSON.stringify({ t: text });
      return { t: text };
    };
    assert.deepEqual(search(nested(7, '{"hostPath": "/proc/1/root"}')).length, 1);
    assert.deepEqual(search(nested(8, '{"hostPath": "/srv"}')), [`r.t.t.t.t.t.t.t.t.t: ${SHORT}`]);
    assert.deepEqual(search(nested(8, "plain")), []);
  });

  it("refuses a text or a field's name that describes a test without being a manifest", () => {
    assert.deepEqual(search({ script: "mknod /dev/fuse" }), [`r.script: ${DESCRIBES}`]);
    assert.deepEqual(search({ [`${BRIDGE}/x`]: 1 }), [`r["${BRIDGE}/x"]: ${DESCRIBES}`]);
    assert.deepEqual(search({ script: "ls /srv", "/srv": 1 }), []);
    assert.deepEqual(textFindings({ path: "p", value: SECRET }), []);
    assert.deepEqual(textFindings({ path: "p", value: { a: "/dev/fuse" } }), []);
    assert.deepEqual(
      textFindings({ path: "p", value: `volumes: ${"[".repeat(300)}` }).map(({ required }) => required),
      [SHORT],
    );
  });

  it("refuses a value that cannot be read only if Kubernetes reads it, and it could be an object", () => {
    const value: Value = { a: UNKNOWN, b: { c: SECRET }, password: SECRET };
    assert.deepEqual(search(value, { strict: true }), [`r.a: ${READABLE}`, `r.b.c: ${READABLE}`]);
    assert.deepEqual(search(value), []);
    assert.deepEqual(search(UNKNOWN, { strict: true }), [`r: ${READABLE}`]);
    // Within a pod by the fields of pods: an environment may be secret, a volume may not.
    const pod: Fields = {
      containers: [{ env: UNKNOWN, image: SECRET }],
      volumes: [{ name: "v", csi: SECRET }],
    };
    assert.deepEqual(search({ pod }, { strict: true }), []);
    assert.deepEqual(search({ pod: { ...pod, volumes: SECRET } }, { strict: true }), [
      `r.pod.volumes: ${READABLE}`,
    ]);
    assert.deepEqual(search({ pod: { ...pod, volumes: SECRET } }), []);
  });
});

describe("The written parts of an object", () => {
  const paths = (apiVersion: string, kind: string, value: Value): string[] =>
    written(kindOf(apiVersion, kind), { path: "o", value }).map(({ path }: Part) => path);

  it("are none of an object of a policy engine that only forbids", () => {
    for (const [group, kind] of [
      ["constraints.gatekeeper.sh/v1beta1", "K8sPSPHostFilesystem"],
      ["templates.gatekeeper.sh/v1", "ConstraintTemplate"],
      ["policies.kyverno.io/v1alpha1", "ValidatingPolicy"],
      ["policies.kyverno.io/v1alpha1", "ImageValidatingPolicy"],
    ] as const)
      assert.deepEqual(paths(group, kind, { spec: {} }), [], kind);
  });

  it("are the whole of one that writes, and of all others", () => {
    for (const [group, kind] of [
      ["policies.kyverno.io/v1alpha1", "MutatingPolicy"],
      ["policies.kyverno.io/v1alpha1", "GeneratingPolicy"],
      ["mutations.gatekeeper.sh/v1", "Assign"],
      ["x.constraints.gatekeeper.sh/v1", "X"],
      ["constraints.gatekeeper.sh.example.com/v1", "X"],
      ["kyverno.io/v1", "PolicyException"],
      ["example.com/v1", "ClusterPolicy"],
      ["kyverno.io/v1", "APolicy"],
      ["kyverno.io/v1", "Policies"],
    ] as const)
      assert.deepEqual(paths(group, kind, { spec: { rules: [{ mutate: 1 }] } }), ["o"], `${group} ${kind}`);
  });

  it("are what the rules of Kyverno's policies mutate and generate, or all that cannot be read", () => {
    for (const kind of ["Policy", "ClusterPolicy"]) {
      const rules: Value = [{ validate: 1 }, { mutate: 1, validate: 1, generate: 2 }, UNKNOWN];
      assert.deepEqual(paths("kyverno.io/v1", kind, { spec: { rules } }), [
        "o.spec.rules[1].mutate",
        "o.spec.rules[1].generate",
        "o.spec.rules[2]",
      ]);
      for (const spec of values({}, { rules: UNKNOWN }, { rules: SECRET }, UNKNOWN))
        assert.deepEqual(paths("kyverno.io/v1", kind, { spec }), ["o"]);
      assert.deepEqual(paths("kyverno.io/v1", kind, {}), ["o"]);
      assert.deepEqual(paths("kyverno.io/v1", kind, { spec: { rules: [] } }), []);
    }
  });
});
