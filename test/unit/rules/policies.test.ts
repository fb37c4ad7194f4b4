import type { ResourceValidationArgs } from "@pulumi/policy";
import assert from "node:assert/strict";
import { POLICIES } from "../../../policy/policies";
import { failingClosed, messageOf, resourceOf, type Scope } from "../../../policy/rule-policy";
import { UNKNOWN } from "../../../policy/rules/snapshot";
import { changed } from "../../policy/cases/case";
import { ordinary, POD, producer } from "../../policy/cases/fixtures";

function argumentsOf(props: unknown, more: Partial<ResourceValidationArgs> = {}): ResourceValidationArgs {
  const urn =
    "urn:pulumi:s::fuse-test::fuse-test:index:FuseTest$fuse-test:index:Producer$kubernetes:core/v1:Pod::fuse-test-producer";
  return {
    type: POD,
    name: "fuse-test-producer",
    urn,
    props,
    opts: { ignoreChanges: [] },
    provider: { type: "pulumi:providers:kubernetes", name: "cluster" },
    ...more,
  } as unknown as ResourceValidationArgs;
}

/** Returns the reports of the pack's policies, by their names. */
function reports(args: ResourceValidationArgs, scope: Scope = "project"): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const make of POLICIES) {
    const { name, validateResource } = make(scope);
    if (typeof validateResource !== "function") throw new Error(`${name} validates nothing`);
    void validateResource(args, (message) => {
      found[name] = [...(found[name] ?? []), message];
    });
  }
  return found;
}

const container = ["spec", "containers", 0];
const volume = ["spec", "volumes", 0, "hostPath"];

/** One change of the producer for each policy, with the complete message. */
const violations = {
  "allowed-node": [
    ["spec", "nodeName"],
    "w1",
    'fuse-test-producer: spec.nodeName is "w1"; required: "w2" or "k3s-w2". Set spec.nodeName to the node of the test as a literal, and remove whatever else chooses a node.',
  ],
  "allowed-namespace": [
    ["metadata", "namespace"],
    "default",
    'fuse-test-producer: metadata.namespace is "default"; required: "fuse-test". Set metadata.namespace to fuse-test as a literal for an object of the test; give anything else a namespace of its own.',
  ],
  "known-resources": [
    ["metadata", "finalizers"],
    ["x/y"],
    'fuse-test-producer: metadata.finalizers is ["x/y"]; required: that it is not set. Declare the test through the components of this project, or remove the resource.',
  ],
  "least-privilege": [
    ["spec", "hostPID"],
    true,
    "fuse-test-producer: spec.hostPID is true; required: that it is not set. Give the pod the security context that its role has in policy/rules/roles.ts.",
  ],
  "bridge-only": [
    [...volume, "path"],
    "/tmp",
    'fuse-test-producer: spec.volumes[0].hostPath.path is "/tmp"; required: /tmp/fuse-test-bridge/RUN, the directory of a run by its id. Use the hostPath /tmp/fuse-test-bridge/RUN, spelled so, and no other volume.',
  ],
  "bounded-pods": [
    ["spec", "activeDeadlineSeconds"],
    1801,
    "fuse-test-producer: spec.activeDeadlineSeconds is 1801; required: a whole number from 1 to 1800. Set requests and limits of cpu and memory, activeDeadlineSeconds up to 1800 and restartPolicy Never.",
  ],
  "pinned-images": [
    [...container, "image"],
    `registry.example/tools@sha256:${"A".repeat(64)}`,
    `fuse-test-producer: spec.containers[0].image is "registry.example/tools@sha256:${"A".repeat(49)}...; required: an image by digest (name@sha256:...), or a public one by version. Name the image by digest: name@sha256:...`,
  ],
  "known-commands": [
    [...container, "args"],
    ["x"],
    'fuse-test-producer: spec.containers[0].args is ["x"]; required: that it is not set. Use the command of the program, unchanged.',
  ],
} as const;

describe("The policies", () => {
  it("are these, each mandatory but the advice, and described", () => {
    for (const scope of ["project", "organization"] as const) {
      assert.deepEqual(
        POLICIES.map((make) => [make(scope).name, make(scope).enforcementLevel, make(scope).description]),
        [
          [
            "allowed-node",
            "mandatory",
            "Every pod of the test names the node w2 or k3s-w2, and nothing else chooses its node.",
          ],
          [
            "allowed-namespace",
            "mandatory",
            "Everything of the test names the namespace fuse-test, and nothing else is in it.",
          ],
          ["known-resources", "mandatory", "Only the objects of the program are allowed, field by field."],
          [
            "least-privilege",
            "mandatory",
            "Only the producer is privileged; every other pod is not root and has no capabilities; no pod has a token or a namespace of the host.",
          ],
          [
            "bridge-only",
            "mandatory",
            "The only directory of the node that a pod sees is that of its run below /tmp/fuse-test-bridge.",
          ],
          [
            "bounded-pods",
            "mandatory",
            "Every pod has requests, limits, a deadline and no restarts; the namespace has a quota.",
          ],
          ["pinned-images", "mandatory", "Images are named by digest, or public ones by a version."],
          [
            "known-commands",
            "mandatory",
            "Only the program's own commands run, on this machine and in the pods.",
          ],
          [
            "no-fuse-elsewhere",
            "mandatory",
            "Everything that is or could be a FUSE test is a pod of the test.",
          ],
          ["digest-advice", "advisory", "An image is better named by digest than by version."],
        ],
      );
    }
  });

  it("report nothing for the unchanged producer", () => {
    assert.deepEqual(reports(argumentsOf(producer)), {});
    assert.deepEqual(reports(argumentsOf(producer), "organization"), {});
  });

  for (const [policy, [path, value, message]] of Object.entries(violations)) {
    it(`report by ${policy} alone the value found, the requirement and the fix`, () => {
      const found = reports(argumentsOf(changed(producer, path, value)));
      if (policy === "pinned-images") delete found["digest-advice"];
      assert.deepEqual(found, { [policy]: [message] });
    });
  }

  it("report by no-fuse-elsewhere the values that make a pod of another stack a FUSE test", () => {
    const props = ordinary({ volumes: [{ name: "v", hostPath: { path: "/dev/fuse" } }] });
    const found = reports(argumentsOf(props), "organization");
    assert.deepEqual(Object.keys(found), ["allowed-node", "allowed-namespace", "no-fuse-elsewhere"]);
    assert.deepEqual(found["no-fuse-elsewhere"], [
      'fuse-test-producer: spec.volumes[0].hostPath.path is "/dev/fuse"; required: a literal directory that is neither the bridge, nor below it, nor the FUSE device. Remove the listed value, or run the test of this project on w2 in fuse-test.',
    ]);
  });

  it("advise to name an image by digest, and refuse no public one by version", () => {
    const byVersion = changed(producer, [...container, "image"], "docker.io/rclone/rclone:1.71.2");
    assert.deepEqual(reports(argumentsOf(byVersion)), {
      "digest-advice": [
        'fuse-test-producer: the image "docker.io/rclone/rclone:1.71.2" is named by version; by digest (name@sha256:...) two runs test the same programs.',
      ],
    });
    const noImage = reports(argumentsOf(changed(producer, [...container, "image"], 1)));
    assert.equal(noImage["digest-advice"], undefined);
  });

  it("take a whole resource that cannot be read for a violation", () => {
    const unreadable = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no keys");
        },
      },
    );
    const all = POLICIES.map((make) => make("project").name);
    assert.deepEqual(
      reports(argumentsOf(unreadable)),
      Object.fromEntries(
        all.map((name) => [
          name,
          [
            "fuse-test-producer cannot be judged (no keys). Fix the resource, or the policy if the resource is right.",
          ],
        ]),
      ),
    );
  });
});

describe("A validator", () => {
  const said = (validate: () => readonly string[]): string[] => {
    const messages: string[] = [];
    failingClosed(
      "x",
      (message) => {
        messages.push(message);
      },
      validate,
    );
    return messages;
  };

  it("reports what it finds", () => {
    assert.deepEqual(
      said(() => ["a", "b"]),
      ["a", "b"],
    );
  });

  it("that throws is a violation, whatever it throws", () => {
    const fix = "Fix the resource, or the policy if the resource is right.";
    for (const thrown of [new Error("broken"), "broken"]) {
      assert.deepEqual(
        said(() => {
          // Not everything that is thrown is an Error.
          // eslint-disable-next-line @typescript-eslint/only-throw-error
          throw thrown;
        }),
        [`x cannot be judged (broken). ${fix}`],
      );
    }
  });

  it("names the resource alone where the whole of it is wrong", () => {
    const violation = { topic: "resource", path: "", found: "a", required: "b" } as const;
    assert.equal(messageOf("x", violation, "Fix it."), "x is a; required: b. Fix it.");
  });
});

describe("A resource that a policy is asked about", () => {
  it("is plain data, with unknown values marked", () => {
    const props = Object.defineProperty({ a: 1 }, "b", {
      enumerable: true,
      get: () => {
        throw new Error("unknown");
      },
    });
    const opts = { ignoreChanges: ["spec"] } as unknown as ResourceValidationArgs["opts"];
    const { urn } = argumentsOf({});
    assert.deepEqual(resourceOf(argumentsOf(props, { opts })), {
      type: POD,
      name: "fuse-test-producer",
      urn,
      props: { a: 1, b: UNKNOWN },
      ignoreChanges: ["spec"],
      provider: { type: "pulumi:providers:kubernetes", name: "cluster" },
    });
    const { provider, ...without } = argumentsOf({});
    assert.ok(provider);
    assert.equal(resourceOf(without as ResourceValidationArgs).provider, undefined);
  });
});
