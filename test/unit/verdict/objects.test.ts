import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import fc from "fast-check";
import { ApiException } from "@kubernetes/client-node";
import { apiMessage, lacksNamespace, lacksServiceAccount } from "../../../kube/client";
import { eventFacts, nodeFacts, podFacts } from "../../../verdict/observer/facts";
import { findProblem } from "../../../verdict/decide";
import { describeTest } from "../../../commands/judge-existing";
import { observed, saying } from "../../support/observations";

/** What the client throws where the API server refuses something. */
function refusal(code: number, message: string): Error {
  return new ApiException(code, "Unknown API Status Code!", JSON.stringify({ kind: "Status", message }), {});
}

describe("an answer of the API", () => {
  const missing =
    'pods "fuse-janitor" is forbidden: error looking up service account fuse-test/default: serviceaccount "default" not found';

  it("that a new namespace has no service account yet is reported from other refusals", () => {
    const of = (code: number, text: string) => lacksServiceAccount(apiMessage(refusal(code, text), "pod"));
    assert.equal(of(403, missing), true);
    assert.equal(of(404, missing), false);
    assert.equal(of(403, 'pods "fuse-janitor" is forbidden: exceeded quota: fuse-test'), false);
  });

  it("that a namespace does not exist is distinguished from other refusals", () => {
    const of = (code: number, text: string) =>
      lacksNamespace(apiMessage(refusal(code, text), "pod"), "fuse-test");
    assert.equal(of(404, 'namespaces "fuse-test" not found'), true);
    assert.equal(of(403, 'namespaces "fuse-test" not found'), false);
    assert.equal(of(404, 'namespaces "fuse-test-2" not found'), false);
    assert.equal(of(404, 'nodes "fuse-test" not found'), false);
    assert.equal(of(404, "404 page not found"), false);
  });
});

describe("objects of the API", () => {
  const loose = (keys: readonly string[]) =>
    fc.record(Object.fromEntries(keys.map((key) => [key, fc.oneof(fc.constant(undefined), fc.object())])), {
      requiredKeys: [],
    });

  it("have the words of a scheduler, and of who removes a pod, in their conditions", () => {
    const facts = (type: string, status: string) =>
      podFacts({ status: { conditions: [{ type: "Ready" }, { type, status, reason: "r", message: "m" }] } });
    for (const [type, status, words] of [
      ["PodScheduled", "False", "m"],
      ["PodScheduled", "True", ""],
      ["DisruptionTarget", "True", "m"],
      ["DisruptionTarget", "False", ""],
    ] as const)
      assert.equal(facts(type, status).message, words, `${type} ${status}`);
  });

  it("lead to the cause that a scheduler names, with no event of it", () => {
    for (const [cause, message] of [
      ["taint-not-tolerated", "0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: media}."],
      ["node-affinity", "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."],
      ["node-out-of-resources", "0/1 nodes are available: 1 Insufficient memory."],
    ] as const) {
      const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
      const facts = podFacts({ status: { phase: "Pending", conditions } });
      const pods = { ...saying([]).pods, producer: observed("producer", [], facts) };
      assert.equal(findProblem(saying([], { pods }))?.judgement.cause, cause, message);
    }
  });

  it("never make the reading of a pod or a node throw by what they leave out", () => {
    fc.assert(
      fc.property(loose(["metadata", "status"]), (value) => {
        const facts = podFacts(value);
        assert.equal(facts.node, "");
        assert.equal(facts.container.state, "unknown");
        assert.equal(nodeFacts({}).ready, false);
      }),
    );
  });

  /** Every path of a value, its own excepted. */
  function paths(value: unknown, path: readonly string[] = []): string[][] {
    if (value === null || typeof value !== "object") return [];
    return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...paths(inner, [...path, key])]);
  }

  it("never make the reading of a pod, a node or an event throw by what stands anywhere in them", () => {
    const status = {
      type: "Ready",
      status: "True",
      reason: "r",
      message: "m",
      lastTransitionTime: "2026-01-02T03:04:05Z",
    };
    const whole = {
      metadata: {
        uid: "u",
        name: "n",
        namespace: "x",
        creationTimestamp: "2026-01-02T03:04:05Z",
        labels: { "fuse-test/run": "r" },
      },
      spec: {
        nodeName: "w2",
        unschedulable: false,
        taints: [{ key: "k", value: "v", effect: "NoExecute" }],
        tolerations: [{ key: "k", operator: "Exists" }],
        containers: [
          {
            image: "i",
            env: [{ name: "DRIVER", value: "d" }],
            securityContext: { capabilities: { drop: ["ALL"] } },
            volumeMounts: [{ name: "bridge" }],
          },
        ],
        volumes: [{ name: "bridge", hostPath: { path: "/tmp/x" } }],
      },
      status: {
        phase: "Running",
        conditions: [status],
        nodeInfo: { kernelVersion: "6" },
        containerStatuses: [
          { imageID: "i", state: { waiting: { reason: "w" }, terminated: { exitCode: 1 } } },
        ],
      },
      involvedObject: { uid: "u", name: "fuse-producer" },
      ...{ type: "Warning", reason: "Failed", message: "m", count: 1, lastTimestamp: "2026-01-02T03:04:05Z" },
    };
    const wanted = { namespace: "fuse-test", run: undefined, node: undefined, timeoutSeconds: 9 };
    fc.assert(
      fc.property(fc.constantFrom(...paths(whole)), fc.anything(), (path, value) => {
        const damaged = structuredClone(whole) as Record<string, unknown>;
        const parent = path.slice(0, -1).reduce((inner, key) => inner[key] as typeof inner, damaged);
        parent[path.at(-1) ?? ""] = value;
        assert.equal(typeof podFacts(damaged).uid, "string");
        assert.equal(nodeFacts(damaged).exists, true);
        eventFacts(damaged);
        describeTest([damaged], wanted);
      }),
      { numRuns: 500 },
    );
  });

  it("give the runtime's words of an end, and not what the program wrote to its termination log", () => {
    const words = 'path "/x" is mounted on "/" but it is not a shared mount';
    const ended = (reason: string) =>
      podFacts({
        status: { containerStatuses: [{ state: { terminated: { exitCode: 1, reason, message: words } } }] },
      }).container.message;
    assert.deepEqual(["Error", "Completed", "OOMKilled", "StartError"].map(ended), ["", "", "", words]);
  });

  it("never make what a call threw anything but a message", () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const { source, reason, text } = apiMessage(thrown, "pods");
        assert.deepEqual([source, typeof reason, typeof text], ["api", "string", "string"]);
      }),
    );
  });

  it("are found as a test by their labels, the youngest run first", () => {
    const pod = (run: string, role: string, created: string): V1Pod => ({
      metadata: {
        creationTimestamp: new Date(created),
        labels: { "fuse-test/run": run, "fuse-test/role": role },
      },
      spec: {
        nodeName: "w2",
        containers: [{ name: role, image: "image:1", env: [{ name: "DRIVER", value: "bindfs" }] }],
        volumes: [{ name: "bridge", hostPath: { path: "/tmp/x" } }],
      },
    });
    const pods = [
      pod("old", "producer", "2026-01-01T00:00:00Z"),
      pod("new", "consumer", "2026-01-02T00:00:01Z"),
      pod("new", "producer", "2026-01-02T00:00:00Z"),
    ];
    const wanted = { namespace: "fuse-test", run: undefined, node: undefined, timeoutSeconds: 9 };
    assert.deepEqual(describeTest(pods, wanted), {
      start: Date.parse("2026-01-02T00:00:00Z"),
      question: {
        run: "new",
        node: "w2",
        namespace: "fuse-test",
        driver: "bindfs",
        image: "image:1",
        hostPath: "/tmp/x",
        timeoutSeconds: 9,
      },
    });
    assert.equal(describeTest(pods, { ...wanted, run: "old" })?.question.run, "old");
    assert.equal(describeTest(pods, { ...wanted, run: "none" }), undefined);
    assert.equal(describeTest([{}], wanted), undefined);
  });
});
