import assert from "node:assert/strict";
import { namespaces, podSpecs, suspicions } from "../../../rules/suspicion";
import { SECRET, UNKNOWN, type Value } from "../../../rules/values";
import { told as words } from "./told";

const both = { fields: true, texts: true };

/** Where something is suspicious, what was found there, and what should be. */
function told(value: Value, how = both): string[] {
  return words(suspicions(value, how));
}

const directory = "a literal directory that is neither the bridge, nor below it, nor the FUSE device";
const propagation = "None or HostToContainer, literally";
const known = "a value that is known and not secret";
const noPrivilege = "no privilege beside the test's own image or labels";
const noText = "a text that describes no FUSE test";
const noDevice = "no FUSE device";
const unknownInWords = "a value that is not known yet";

const rclone = "docker.io/rclone/rclone:1.71.2";
const rights = (securityContext: Value, image: Value = rclone): Value => ({
  containers: [{ image, securityContext }],
});
const privilegeAt = (found: string) => [
  `fuse-elsewhere containers[0].securityContext: ${found}, not ${noPrivilege}`,
];

/** What is suspicious, with all that is said of it. */
const suspicious: Readonly<Record<string, readonly [Value, readonly string[]]>> = {
  "a hostPath of the bridge": [
    { hostPath: { path: "/tmp/fuse-test-bridge" } },
    [
      `fuse-elsewhere hostPath.path: "/tmp/fuse-test-bridge", not ${directory}`,
      `fuse-elsewhere hostPath.path: "/tmp/fuse-test-bridge", not ${noText}`,
    ],
  ],
  "a hostPath as a text": [
    { hostPath: "/dev/fuse/" },
    [
      `fuse-elsewhere hostPath: "/dev/fuse/", not ${directory}`,
      `fuse-elsewhere hostPath: "/dev/fuse/", not ${noText}`,
    ],
  ],
  "a hostPath that climbs": [
    { hostPath: { path: "/srv/../x" } },
    [`fuse-elsewhere hostPath.path: "/srv/../x", not ${directory}`],
  ],
  "a hostPath without a path": [
    { hostPath: {} },
    [`fuse-elsewhere hostPath.path: nothing, not ${directory}`],
  ],
  "a hostPath with a secret path": [
    { hostPath: { path: SECRET } },
    [`fuse-elsewhere hostPath.path: a secret, not ${directory}`],
  ],
  "a hostPath with a number for a path": [
    { hostPath: { path: 1 } },
    [`fuse-elsewhere hostPath.path: 1, not ${directory}`],
  ],
  "an unknown hostPath": [
    { hostPath: UNKNOWN },
    [`fuse-elsewhere hostPath: ${unknownInWords}, not a literal directory`],
  ],
  "a secret local volume": [{ local: SECRET }, ["fuse-elsewhere local: a secret, not a literal directory"]],
  "a local volume of the FUSE device": [
    { local: { path: "/dev//fuse" } },
    [`fuse-elsewhere local.path: "/dev//fuse", not ${directory}`],
  ],
  "a Bidirectional mount": [
    { volumeMounts: [{ mountPropagation: "Bidirectional" }] },
    [`fuse-elsewhere volumeMounts[0].mountPropagation: "Bidirectional", not ${propagation}`],
  ],
  "an unknown propagation": [
    { mountPropagation: UNKNOWN },
    [`fuse-elsewhere mountPropagation: ${unknownInWords}, not ${propagation}`],
  ],
  "a FUSE device among the limits": [
    { limits: { "smarter-devices/fuse": "1" } },
    [`fuse-elsewhere limits["smarter-devices/fuse"]: "1", not ${noDevice}`],
  ],
  "a FUSE device among the requests": [
    { requests: { "example.com/fuse": 1 } },
    [`fuse-elsewhere requests["example.com/fuse"]: 1, not ${noDevice}`],
  ],
  "a device class of FUSE": [
    { deviceClassName: "fuse.example.com" },
    [`fuse-elsewhere deviceClassName: "fuse.example.com", not ${noDevice}`],
  ],
  "a list with something unknown": [
    { containers: [{}, UNKNOWN] },
    [`fuse-elsewhere containers: [{},"(not known yet)"], not ${known}`],
  ],
  "privilege and the image of rclone": [rights({ privileged: true }), privilegeAt('{"privileged":true}')],
  'privilege "true"': [rights({ privileged: "true" }), privilegeAt('{"privileged":"true"}')],
  "a secret privilege": [rights({ privileged: SECRET }), privilegeAt('{"privileged":"[secret]"}')],
  "an unknown capability": [
    rights({ capabilities: { add: [UNKNOWN] } }),
    privilegeAt('{"capabilities":{"add":["(not known yet)"]}}'),
  ],
  "a secret capability": [
    rights({ capabilities: { add: [SECRET] } }),
    privilegeAt('{"capabilities":{"add":["[secret]"]}}'),
  ],
  "secret capabilities to add": [
    rights({ capabilities: { add: SECRET } }),
    privilegeAt('{"capabilities":{"add":"[secret]"}}'),
  ],
  "unknown capabilities": [
    rights({ capabilities: UNKNOWN }),
    privilegeAt('{"capabilities":"(not known yet)"}'),
  ],
  "CAP_SYS_ADMIN in small letters": [
    rights({ capabilities: { add: ["NET_RAW", "cap_sys_admin"] } }),
    privilegeAt('{"capabilities":{"add":["NET_RAW","cap_sys_admin"]}}'),
  ],
  "all capabilities": [
    rights({ capabilities: { add: ["All"] } }),
    privilegeAt('{"capabilities":{"add":["All"]}}'),
  ],
  "privilege and an unknown image": [
    rights({ privileged: true }, UNKNOWN),
    privilegeAt('{"privileged":true}'),
  ],
  "a capability that is a number": [
    rights({ capabilities: { add: [1] } }),
    privilegeAt('{"capabilities":{"add":[1]}}'),
  ],
  "privilege and an image that is a number": [
    rights({ privileged: true }, 1),
    privilegeAt('{"privileged":true}'),
  ],
  "privilege and a secret image": [rights({ privileged: true }, SECRET), privilegeAt('{"privileged":true}')],
  "a borrowed hostname": [
    { metadata: { name: "w1", labels: { "kubernetes.io/hostname": "w2" } } },
    [`fuse-elsewhere metadata.labels["kubernetes.io/hostname"]: "w2", not "w1", the node's own name`],
  ],
  "an unknown hostname": [
    { metadata: { name: "w1", labels: { "kubernetes.io/hostname": UNKNOWN } } },
    [
      `fuse-elsewhere metadata.labels["kubernetes.io/hostname"]: ${unknownInWords}, not "w1", the node's own name`,
    ],
  ],
};

/** Fields that are refused where they are unknown or secret. */
const guarded = [
  "containers",
  "deviceClassName",
  "ephemeralContainers",
  "initContainers",
  "limits",
  "requests",
  "securityContext",
  "spec",
  "template",
  "volumeMounts",
  "volumes",
];

/** Labels that make a privileged pod one of the test's. */
const testLabels: Readonly<Record<string, Value>> = {
  "a label of the test": { "fuse-test/anything": "x" },
  "the test's name": { "app.kubernetes.io/name": "fuse-test" },
  "an unknown name": { "app.kubernetes.io/name": UNKNOWN },
  "a secret name": { "app.kubernetes.io/name": SECRET },
  "unknown labels": UNKNOWN,
  "secret labels": SECRET,
};

const texts: Readonly<Record<string, string>> = {
  "a manifest": "mountPropagation: Bidirectional",
  "a manifest in JSON": '{"mountPropagation" : "Bidirectional"}',
  "a manifest in JSON in JSON": '{\\"mountPropagation\\":\\"Bidirectional\\"}',
  "values of a chart": "extra.mountPropagation='Bidirectional'",
  "the FUSE device": "--device=/dev/fuse:rwm",
  "the bridge": "ls /tmp/fuse-test-bridge",
  "the bridge by another spelling": "ls //tmp/././fuse-test-bridge/mount",
};

const ordinary: Readonly<Record<string, Value>> = {
  "an ordinary hostPath": { hostPath: { path: "/srv/media" } },
  "an ordinary hostPath as a text": { hostPath: "/srv/media" },
  "a hostPath that is a list": { hostPath: ["/tmp/fuse"] },
  "something local without a path": { local: { sizeLimit: "1Gi" } },
  "something local that is true": { local: true },
  "an ordinary local volume": { local: { path: "/srv" } },
  "no propagation": { volumeMounts: [{ mountPropagation: null }] },
  "propagation None": { mountPropagation: "None" },
  "propagation HostToContainer": { mountPropagation: "HostToContainer" },
  "a GPU": { limits: { "nvidia.com/gpu": 1 }, requests: { "example.com/fused": 1 } },
  "limits that are none": { limits: null, requests: "all" },
  "a device class of another kind": { deviceClassName: "gpu.example.com" },
  "a device class that is a number": { deviceClassName: 1 },
  "something unknown where nothing is guarded": { image: UNKNOWN, env: [UNKNOWN], name: SECRET },
  "rclone without privilege": rights({ privileged: false, capabilities: { add: ["NET_ADMIN"] } }),
  "rclone with no say on privilege": rights({ privileged: null, capabilities: { drop: ["ALL"] } }),
  "a capability whose name only begins so": rights({ capabilities: { add: ["SYS_ADMINS", "ALLOW"] } }),
  "a privileged nginx": rights({ privileged: true }, "docker.io/library/nginx:1.29"),
  "a privileged pod with labels of its own": {
    metadata: { labels: { "app.kubernetes.io/name": "fuse-test-2", "my-fuse-test/x": "fuse-test" } },
    securityContext: { privileged: true },
  },
  "a privileged pod with the test's labels in another place": {
    metadata: { annotations: { "fuse-test/role": "producer" } },
    securityContext: { privileged: true },
  },
  "rclone beside something else that is privileged": { image: rclone, options: { privileged: true } },
  "a privileged pod whose labels are none": { labels: null, securityContext: { privileged: true } },
  "a node by its own name": { metadata: { name: "w2", labels: { "kubernetes.io/hostname": "w2" } } },
  "another node by another name": { metadata: { name: "w1", labels: { "kubernetes.io/hostname": "w3" } } },
  "texts that come close": [
    "mountPropagation: HostToContainer",
    "/dev/fuse2",
    "/dev/fuse.conf",
    "/dev/fuse-x",
    "/mnt/tmp/fuse-test-bridge",
    "/tmp/fuse-test-bridge2",
    "/tmp/fuse-test-bridge-2",
    "a-/tmp/fuse-test-bridge.x",
  ],
};

describe("What is suspicious", () => {
  for (const [what, [value, expected]] of Object.entries(suspicious)) {
    it(`is ${what}`, () => {
      assert.deepEqual(told(value), expected);
    });
  }

  for (const key of guarded) {
    it(`is ${key} that nobody can see`, () => {
      assert.deepEqual(told({ [key]: UNKNOWN }), [`fuse-elsewhere ${key}: ${unknownInWords}, not ${known}`]);
      assert.deepEqual(told({ [key]: SECRET }), [`fuse-elsewhere ${key}: a secret, not ${known}`]);
    });
  }

  for (const [what, labels] of Object.entries(testLabels)) {
    it(`is privilege beside ${what}`, () => {
      assert.deepEqual(told({ metadata: { labels }, securityContext: { privileged: true } }), [
        `fuse-elsewhere securityContext: {"privileged":true}, not ${noPrivilege}`,
      ]);
    });
  }

  for (const [what, text] of Object.entries(texts)) {
    it(`is a text that has ${what}, where texts are read`, () => {
      const value = { command: ["sh", text] };
      assert.deepEqual(told(value), [`fuse-elsewhere command[1]: ${JSON.stringify(text)}, not ${noText}`]);
      assert.deepEqual(told(value, { fields: true, texts: false }), []);
    });
  }

  for (const [what, value] of Object.entries(ordinary)) {
    it(`is not ${what}`, () => {
      assert.deepEqual(told(value), []);
    });
  }

  it("is no field of anything that Kubernetes does not read", () => {
    const how = { fields: false, texts: true };
    for (const [value] of Object.values(suspicious).filter(([, [, second]]) => second === undefined)) {
      assert.deepEqual(told(value, how), []);
    }
  });
});

describe("A walk through a resource", () => {
  it("finds whatever runs containers, known or not, with its path", () => {
    const spec = { containers: [] };
    const value: Value = {
      spec: { template: { spec } },
      items: [{ initContainers: UNKNOWN }, { ephemeralContainers: [] }, { containers: "none" }],
    };
    assert.deepEqual(
      podSpecs(value).map(({ path }) => path),
      ["spec.template.spec", "items[0]", "items[1]"],
    );
    assert.deepEqual(podSpecs(spec), [{ path: "", spec }]);
  });

  it("finds the namespaces that metadata names, with their paths", () => {
    const value: Value = {
      metadata: { namespace: "a" },
      namespace: "b",
      involvedObject: { namespace: "d" },
      items: [{ metadata: { namespace: UNKNOWN } }, { metadata: { name: "c" } }, { metadata: UNKNOWN }],
    };
    assert.deepEqual(namespaces(value), [
      { path: "metadata.namespace", namespace: "a" },
      { path: "items[0].metadata.namespace", namespace: UNKNOWN },
    ]);
  });
});
