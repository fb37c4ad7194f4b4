import assert from "node:assert/strict";
import { describesTest } from "../../../policy/rules/embedded";
import { suspicions } from "../../../policy/rules/fuse-lookalikes";
import { SECRET, snapshot, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { ordinary, POD } from "../../policy/cases/fixtures";
import { DESCRIBES, DEVICE, DIRECTORY, PRIVILEGE, READABLE } from "./requirements";
import { linesOf } from "./violation-lines";

const THING = "kubernetes:example.com/v1:Thing";

/** Returns each violation: its path, the value found, and the value required. */
function reported(type: string, value: Value): string[] {
  return linesOf(suspicions(type, value));
}

const unknownInWords = "a value that is not known yet";

const pod = (spec: Record<string, unknown>): Value => snapshot(ordinary(spec));
const container = (more: Record<string, unknown>) => ({
  containers: [{ name: "c", image: "nginx:1", ...more }],
});
const at = "fuse-elsewhere spec.containers[0]";

/** Suspicious values in a pod, with the reported text. */
const inPods: Readonly<Record<string, readonly [Value, readonly string[]]>> = {
  "a directory": [
    pod({ volumes: [{ name: "v", hostPath: { path: "/dev/fuse" } }] }),
    [`fuse-elsewhere spec.volumes[0].hostPath.path: "/dev/fuse", not ${DIRECTORY}`],
  ],
  "a directory that is a number": [
    pod({ volumes: [{ name: "v", hostPath: { path: 1 } }] }),
    [`fuse-elsewhere spec.volumes[0].hostPath.path: 1, not ${DIRECTORY}`],
  ],
  "a part of a directory": [
    pod({
      ...container({ volumeMounts: [{ name: "v", subPath: "fuse" }] }),
      volumes: [{ name: "v", hostPath: { path: "/dev" } }],
    }),
    [`${at}.volumeMounts[0].subPath: "fuse", not ${DIRECTORY}`],
  ],
  "a part of a directory that cannot be read": [
    pod({
      ...container({ volumeMounts: [{ name: "v", subPath: "x" }] }),
      volumes: [{ name: "v", hostPath: { path: SECRET } }],
    }),
    [
      `fuse-elsewhere spec.volumes[0].hostPath.path: a secret, not ${DIRECTORY}`,
      `${at}.volumeMounts[0].subPath: "x", not ${DIRECTORY}`,
    ],
  ],
  "a propagation": [
    pod(container({ volumeMounts: [{ name: "v", mountPropagation: "Shared" }] })),
    [`${at}.volumeMounts[0].mountPropagation: "Shared", not None or HostToContainer, literally`],
  ],
  "a device": [
    pod(container({ resources: { limits: { "example.com/fuse": 1 } } })),
    [`${at}.resources.limits["example.com/fuse"]: 1, not ${DEVICE}`],
  ],
  "privilege beside rclone": [
    pod(container({ image: "rclone", securityContext: { privileged: "true" } })),
    [`${at}.securityContext: {"privileged":"true"}, not ${PRIVILEGE}`],
  ],
  "a capability that is a number beside rclone": [
    pod(container({ image: "rclone", securityContext: { capabilities: { add: [1] } } })),
    [`${at}.securityContext: {"capabilities":{"add":[1]}}, not ${PRIVILEGE}`],
  ],
  "an image volume that cannot be read beside privilege": [
    pod({
      ...container({ securityContext: { privileged: true } }),
      volumes: [{ name: "v", image: { reference: SECRET } }],
    }),
    [`${at}.securityContext: {"privileged":true}, not ${PRIVILEGE}`],
  ],
  "an image volume of which nothing can be read": [
    pod({ ...container({}), volumes: [{ name: "v", image: UNKNOWN }] }),
    [`fuse-elsewhere spec.volumes[0].image: ${unknownInWords}, not ${READABLE}`],
  ],
  "a text": [
    pod(container({ args: ["--device=/dev/fuse:rwm"] })),
    [`${at}.args[0]: "--device=/dev/fuse:rwm", not ${DESCRIBES}`],
  ],
  "a manifest in a text": [
    pod(container({ args: ["volumes: [{hostPath: {path: /dev/fuse}}]"] })),
    [`${at}.args[0].volumes[0].hostPath.path: "/dev/fuse", not ${DIRECTORY}`],
  ],
};

const texts: readonly string[] = [
  "{{ x }}\nmountPropagation: Bidirectional",
  '{{ x }} {"mountPropagation" : "Bidirectional"',
  "extra.mountPropagation='Bidirectional'",
  "--device=/dev/fuse:rwm",
  "ls /tmp/fuse-test-bridge",
  "ls //tmp/././fuse-test-bridge/mount",
  "mknod x c 10 229; ls /dev/char/10:229",
  "cat /dev/misc/fuse",
  'echo "\\u002fdev\\u002ffuse"',
];

const escapedTexts: readonly string[] = ['echo "\\x2fdev\\x2ffuse"'];

const otherTexts: readonly string[] = [
  "{{ x }}\nmountPropagation: HostToContainer",
  'input.mountPropagation == "Bidirectional"',
  'mountPropagation != "Bidirectional"',
  "/dev/fuse2",
  "/dev/fuse.conf",
  "/dev/fuse-x",
  "/dev/char/10:2290",
  "/mnt/tmp/fuse-test-bridge",
  "/tmp/fuse-test-bridge2",
  "/tmp/fuse-test-bridge-2",
  "a-/tmp/fuse-test-bridge.x",
  "# mountPropagation: Bidirectional",
];

describe("A suspicious value", () => {
  for (const [what, [value, expected]] of Object.entries(inPods)) {
    it(`is ${what} in a pod, and is reported with its place`, () => {
      assert.deepEqual(reported(POD, value), expected);
    });
  }

  it("is a field of a pod that was not inspected, if it cannot be read", () => {
    const value = pod({
      ...container({ somethingNew: UNKNOWN, env: UNKNOWN }),
      somethingNew: SECRET,
      hostname: UNKNOWN,
    });
    assert.deepEqual(reported(POD, value), [
      `${at}.somethingNew: ${unknownInWords}, not ${READABLE}`,
      `fuse-elsewhere spec.somethingNew: a secret, not ${READABLE}`,
    ]);
  });

  it("is anything in a resource of an unknown kind that cannot be read, but by its name one text", () => {
    const value: Value = {
      spec: { a: UNKNOWN, list: [SECRET], adminPassword: SECRET, host_name: UNKNOWN, "tls-cert": SECRET },
    };
    assert.deepEqual(reported(THING, value), [
      `fuse-elsewhere spec.a: ${unknownInWords}, not ${READABLE}`,
      `fuse-elsewhere spec.list[0]: a secret, not ${READABLE}`,
    ]);
    assert.deepEqual(reported("aws:x:Y", value), []);
  });

  it("is a node's label that is not its own, or that cannot be read", () => {
    const node = (label: Value, name = "w1"): Value => ({
      metadata: { name, labels: { "kubernetes.io/hostname": label } },
    });
    const label = 'fuse-elsewhere metadata.labels["kubernetes.io/hostname"]';
    const type = "kubernetes:core/v1:NodePatch";
    assert.deepEqual(reported(type, node("w2")), [`${label}: "w2", not "w1", the node's own name`]);
    assert.deepEqual(reported(type, node(UNKNOWN)), [
      `${label}: ${unknownInWords}, not "w1", the node's own name`,
    ]);
    assert.deepEqual(reported("kubernetes:core/v1:NodeList", { items: [node("w2")] }), [
      'fuse-elsewhere items[0].metadata.labels["kubernetes.io/hostname"]: "w2", not "w1", the node\'s own name',
    ]);
    assert.deepEqual(reported(type, node("w2", "w2")), []);
    assert.deepEqual(reported(type, node("w3")), []);
    assert.deepEqual(reported(type, { metadata: { name: "w1", labels: SECRET } }), [
      `${label}: a secret, not "w1", the node's own name`,
    ]);
  });

  it("is a resource that is no object at all, because it cannot be read", () => {
    assert.deepEqual(reported(POD, UNKNOWN), [`fuse-elsewhere : ${unknownInWords}, not ${READABLE}`]);
    assert.deepEqual(reported(THING, SECRET), [`fuse-elsewhere : a secret, not ${READABLE}`]);
    assert.deepEqual(reported("aws:x:Y", UNKNOWN), []);
  });

  it("is reported once, whatever it is found by", () => {
    const value = snapshot({
      apiVersion: "apps/v1",
      kind: "Pod",
      ...(pod({ volumes: [{ name: "v", hostPath: { path: "/dev/fuse" } }] }) as object),
    });
    assert.equal(reported("mine:index:Pod", value).length, 1);
  });

  for (const text of [...texts, ...escapedTexts]) {
    it(`is the text ${JSON.stringify(text)}`, () => {
      assert.equal(describesTest(text), true);
      const violation = `fuse-elsewhere command[1]: ${JSON.stringify(text)}, not ${DESCRIBES}`;
      assert.equal(reported(THING, { command: ["sh", text] }).at(-1), violation);
    });
  }

  for (const text of otherTexts) {
    it(`is not the text ${JSON.stringify(text)}`, () => {
      assert.deepEqual(reported(THING, { command: ["sh", text] }), []);
    });
  }

  it("is a manifest seven texts deep, and a rule ends however deep they are", () => {
    const nest = (depth: number): string => {
      let text = "mountPropagation: !!str Bidirectional";
      for (let level = 1; level < depth; level += 1) text = JSON.stringify({ a: text });
      return text;
    };
    assert.notDeepEqual(reported(THING, { a: nest(7) }), []);
    for (const depth of [8, 9, 10, 12])
      assert.notDeepEqual(reported(THING, { a: nest(depth) }), [], String(depth));
  });

  it("is not the expansion of a short text", () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(", ")}]`,
    );
    const bomb = ["a0: &a0 [x]", ...levels].join("\n");
    assert.deepEqual(reported(THING, { a: bomb }), []);
  });
});

describe("A value that is found in a resource of an unknown kind", () => {
  const privilege = { securityContext: { privileged: true } };
  const beside = `fuse-elsewhere securityContext: {"privileged":true}, not ${PRIVILEGE}`;

  const found: Readonly<Record<string, readonly [Value, readonly string[]]>> = {
    "an image in parts of which one cannot be read": [
      { image: { repository: UNKNOWN }, ...privilege },
      [beside],
    ],
    "a secret image": [{ image: SECRET, ...privilege }, [beside]],
    "a secret label": [{ labels: { "app.kubernetes.io/name": SECRET }, ...privilege }, [beside]],
    "labels that cannot be read": [{ podLabels: UNKNOWN, ...privilege }, [beside]],
    "a part of a directory that is a text": [
      { volume: { name: "v", hostPath: "/dev" }, mount: { name: "v", subPath: "fuse" } },
      [`fuse-elsewhere mount.subPath: "fuse", not ${DIRECTORY}`],
    ],
    "a part of a directory by a name that cannot be read": [
      { volume: { name: "v", hostPath: "/dev" }, mount: { name: UNKNOWN, subPath: "fuse" } },
      [`fuse-elsewhere mount.subPath: "fuse", not ${DIRECTORY}`],
    ],
    "a propagation that cannot be read": [
      { mount: { mountPropagation: UNKNOWN } },
      [`fuse-elsewhere mount.mountPropagation: ${unknownInWords}, not None or HostToContainer, literally`],
    ],
    "a secret directory": [
      { hostPath: SECRET, a: { hostPath: { path: UNKNOWN } } },
      [
        `fuse-elsewhere hostPath: a secret, not ${DIRECTORY}`,
        `fuse-elsewhere a.hostPath.path: ${unknownInWords}, not ${DIRECTORY}`,
      ],
    ],
    "a local volume": [
      { local: { path: "/dev/fuse" } },
      [`fuse-elsewhere local.path: "/dev/fuse", not ${DIRECTORY}`],
    ],
    "a device class": [
      { deviceClassName: "fuse" },
      [`fuse-elsewhere deviceClassName: "fuse", not ${DEVICE}`],
    ],
    "annotations of its pods": [
      { podAnnotations: { "cdi.k8s.io/a": "fuse" } },
      [`fuse-elsewhere podAnnotations["cdi.k8s.io/a"]: "fuse", not ${DEVICE}`],
    ],
    "the name of a field": [
      { "ls /dev/fuse": 1 },
      [`fuse-elsewhere ["ls /dev/fuse"]: "ls /dev/fuse", not ${DESCRIBES}`],
    ],
  };
  for (const [what, [value, expected]] of Object.entries(found)) {
    it(`is ${what}`, () => {
      assert.deepEqual(reported("mine:index:Thing", value), expected);
    });
  }

  it("is not one that only has the name of such a field", () => {
    for (const value of [
      { image: 1, ...privilege },
      { labels: null, ...privilege },
      { local: SECRET },
      { local: true, hostPath: ["/dev"] },
      { limits: null, requests: "all", deviceClassName: 1 },
      { mount: { mountPropagation: 1, subPath: 2 } },
      { image: "rclone", options: { privileged: true } },
    ]) {
      assert.deepEqual(reported("mine:index:Thing", value), []);
    }
  });

  it("is every kind of data that a manifest can hold", () => {
    const yaml = "{when: 2001-12-14, members: !!set {/dev/fuse}, list: [{mountPropagation: Bidirectional}]}";
    assert.deepEqual(reported("mine:index:Thing", { yaml }), [
      'fuse-elsewhere yaml.list[0].mountPropagation: "Bidirectional", not None or HostToContainer, literally',
      `fuse-elsewhere yaml.members[0]: "/dev/fuse", not ${DESCRIBES}`,
    ]);
  });

  it("ends for a text that no parser can take", () => {
    assert.deepEqual(reported("mine:index:Thing", { a: "[".repeat(100_000) }), []);
    assert.equal(reported("mine:index:Thing", { a: `${"[".repeat(100_000)} /dev/fuse` }).length, 1);
  });

  it("is one that a policy engine would write, or that cannot be read", () => {
    const type = "kubernetes:kyverno.io/v1:ClusterPolicy";
    const bad = { mountPropagation: "Bidirectional" };
    assert.deepEqual(reported(type, { spec: UNKNOWN }).length, 1);
    assert.deepEqual(reported(type, { spec: { rules: UNKNOWN } }).length, 1);
    assert.deepEqual(reported(type, { spec: { rules: [UNKNOWN] } }).length, 1);
    assert.deepEqual(reported(type, { spec: { rules: [{ validate: bad }] } }), []);
    assert.deepEqual(reported(type, { spec: { other: bad } }).length, 1);
    assert.deepEqual(reported(type, {}), []);
    assert.deepEqual(reported("kubernetes:policies.kyverno.io/v1:ValidatingPolicy", { spec: bad }), []);
    assert.equal(reported("kubernetes:policies.kyverno.io/v1:MutatingPolicy", { spec: bad }).length, 1);
    assert.deepEqual(reported("kubernetes:constraints.gatekeeper.sh/v1:NoMounts", { spec: bad }), []);
  });
});
