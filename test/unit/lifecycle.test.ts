import assert from "node:assert/strict";
import fc from "fast-check";
import { describeOutcome, describeUnreachable } from "../../cleanup/describe";
import { attemptEnd } from "../../cleanup/janitor";
import { janitorImages, nodeState } from "../../kube/node";
import { janitorFailure, type JanitorOutcome, parseJanitorLog } from "../../protocol/janitor-log";
import { createdSince, deletionOrder } from "../../cleanup/pods";
import { earlierPods } from "../../cleanup/previous-run";
import { readSettings } from "../../config/settings";
import type { PodSettings } from "../../manifests/common";
import { consumerManifest } from "../../manifests/consumer";
import { producerManifest } from "../../manifests/producer";
import { ownerOf } from "../../config/stack-id";

const where = { node: "w2", hostPath: "/tmp/fuse-test-bridge" };

function pod(role: string, run: string, changes: { node?: string; path?: string } = {}) {
  return {
    metadata: { name: `fuse-${role}`, labels: { "fuse-test/role": role, "fuse-test/run": run } },
    spec: {
      nodeName: changes.node ?? "w2",
      containers: [],
      volumes: [{ name: "bridge", hostPath: { path: changes.path ?? where.hostPath } }],
    },
  };
}

function names(pods: readonly { metadata?: { name?: string } }[]): (string | undefined)[] {
  return pods.map(({ metadata }) => metadata?.name);
}

describe("a janitor's log", () => {
  const line = (fields: object): string => JSON.stringify({ run: "cleanup", role: "janitor", ...fields });

  it("is read event by event, and shows the state of the bridge", () => {
    const log = [
      line({ event: "started", bridge: "/mnt/tmp/fuse-test-bridge" }),
      line({ event: "unmounted", path: "/mnt/tmp/fuse-test-bridge/mount", type: "fuse.rclone" }),
      line({ event: "foreign", path: "/mnt/tmp/fuse-test-bridge/notes", type: "regular file" }),
      line({ event: "finished", bridge: "foreign" }),
    ].join("\n");
    assert.deepEqual(parseJanitorLog(log), {
      bridge: "foreign",
      occupied: [],
      removed: [],
      unmounted: ["/mnt/tmp/fuse-test-bridge/mount"],
      foreign: [{ path: "/mnt/tmp/fuse-test-bridge/notes", type: "regular file" }],
      stuck: [],
    });
  });

  it("says why a janitor did nothing, and of one that worked that there is no such reason", () => {
    const message = "umount is not in the image";
    const failed = line({ event: "failed", stage: "tool", message });
    assert.deepEqual(
      [failed, line({ event: "finished", bridge: "removed" }), "umount: not found", ""].map(janitorFailure),
      [message, undefined, undefined, undefined],
    );
  });

  it("names directories in which a producer runs on, and what was removed", () => {
    const log = [
      line({ event: "occupied", path: "/mnt/tmp/fuse-test-bridge/r2" }),
      line({ event: "removed", path: "/mnt/tmp/fuse-test-bridge/r1/mount" }),
      line({ event: "finished", bridge: "occupied" }),
    ].join("\n");
    const { bridge, occupied, removed } = parseJanitorLog(log);
    assert.deepEqual(
      [bridge, occupied, removed],
      ["occupied", ["/mnt/tmp/fuse-test-bridge/r2"], ["/mnt/tmp/fuse-test-bridge/r1/mount"]],
    );
  });

  it("of another run, of another role, or without its end says nothing of the bridge", () => {
    const finished = { event: "finished", bridge: "removed" };
    for (const log of [
      line({ ...finished, run: "r2" }),
      line({ ...finished, role: "producer" }),
      line({ event: "started" }),
      line({ ...finished, bridge: "gone" }),
    ]) {
      assert.equal(parseJanitorLog(log).bridge, undefined, log);
    }
  });

  it("never throws, whatever it holds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (log) => {
        assert.deepEqual(parseJanitorLog(log).unmounted, []);
      }),
    );
  });
});

describe("the output of a cleanup", () => {
  const outcomeWith = (found: Partial<JanitorOutcome>): JanitorOutcome => ({
    ...{ bridge: "removed", occupied: [], removed: [], unmounted: [], foreign: [], stuck: [] },
    ...found,
  });

  it("is nothing if nothing was left", () => {
    assert.deepEqual(describeOutcome(outcomeWith({}), where), []);
  });

  it("names foreign content by its path on the node, without control characters", () => {
    const foreign = [{ path: "/mnt/tmp/fuse-test-bridge/a\u001b[31mb", type: "directory" }];
    const outcome = outcomeWith({ bridge: "foreign", foreign });
    assert.deepEqual(describeOutcome(outcome, where), [
      "left on w2, because it is not the test's: /tmp/fuse-test-bridge/a [31mb (directory)",
    ]);
  });

  it("names the directory in which a producer still runs, and the next step", () => {
    const occupied = ["/mnt/tmp/fuse-test-bridge/r2"];
    const outcome = outcomeWith({ bridge: "occupied", occupied });
    const [line, ...others] = describeOutcome(outcome, where);
    assert.match(
      line ?? "",
      /^left on w2, because a producer whose pod is no longer in the API still runs in it: \/tmp\/fuse-test-bridge\/r2\. .*npm run clean/,
    );
    assert.deepEqual(others, []);
  });

  it("counts the mounts of earlier runs", () => {
    const lines = (...unmounted: string[]) => describeOutcome(outcomeWith({ unmounted }), where);
    assert.deepEqual(lines("a"), ["removed 1 mount of an earlier run at /tmp/fuse-test-bridge on w2"]);
    assert.deepEqual(lines("a", "b"), ["removed 2 mounts of an earlier run at /tmp/fuse-test-bridge on w2"]);
  });

  it("names the directories of earlier runs, and not of the one that has just ended, nor what was in them", () => {
    const at = "/mnt/tmp/fuse-test-bridge";
    const removed = [`${at}/r1/mount`, `${at}/r1`, `${at}/r2/signals`, `${at}/r2`, at];
    const outcome = outcomeWith({ bridge: "removed", removed });
    const line = (run: string) =>
      `removed the directory of an earlier run on w2: /tmp/fuse-test-bridge/${run}`;
    assert.deepEqual(describeOutcome(outcome, { ...where, ended: ["r1"] }), [line("r2")]);
    assert.deepEqual(describeOutcome(outcome, where), [line("r1"), line("r2")]);
  });

  it("says how to finish by hand where the node was not reached", () => {
    const said = describeUnreachable(where, "the node is not Ready");
    assert.match(said, /^w2 could not be cleaned: the node is not Ready\. /);
    assert.match(said, /npm run clean/);
    assert.doesNotMatch(said, /rm -r/);
  });
});

describe("the pods that are removed", () => {
  it("are distinguished from those created since they were listed, except the janitor", () => {
    const [old, late] = [pod("producer", "r1"), pod("consumer", "r1")];
    const uid = (one: ReturnType<typeof pod>, value: string) => ({
      ...one,
      metadata: { ...one.metadata, uid: value },
    });
    const janitor = { ...pod("janitor", "cleanup"), metadata: { name: "fuse-janitor", uid: "j" } };
    assert.deepEqual(createdSince([uid(old, "a")], [uid(old, "a"), janitor]), []);
    assert.deepEqual(
      createdSince([uid(old, "a")], [uid(old, "b"), uid(late, "c")]).map(({ metadata }) => metadata?.uid),
      ["b", "c"],
    );
  });

  it("go in an order in which no reader is left when a mount is removed", () => {
    const pods = [
      pod("producer", "r1"),
      pod("control", "r1"),
      pod("examination-producer", "r1"),
      pod("consumer", "r1"),
    ];
    assert.deepEqual(deletionOrder(pods).map(names), [
      ["fuse-control", "fuse-consumer"],
      ["fuse-producer", "fuse-examination-producer"],
    ]);
  });

  it("go at once where they have ended: those do not look any more", () => {
    const ended = { ...pod("consumer", "r1"), status: { phase: "Succeeded" } };
    assert.deepEqual(deletionOrder([pod("producer", "r1"), ended, pod("control", "r1")]).map(names), [
      ["fuse-control"],
      ["fuse-producer", "fuse-consumer"],
    ]);
  });

  it("are of other runs alone where an update continues", () => {
    const old = pod("producer", "r1");
    assert.deepEqual(earlierPods([old, pod("consumer", "r2")], [pod("producer", "r2")]), [old]);
  });

  it("are of the same run too, if what they run or how it is set is another", () => {
    const image = "docker.io/rclone/rclone:1.71.2";
    const settings: PodSettings = { ...readSettings({ image }), image, imagePullPolicy: "Never" };
    const pods = (changed: Partial<PodSettings>): { metadata: object }[] => [
      producerManifest({ ...settings, ...changed }),
      consumerManifest(
        { ...settings, ...changed },
        { role: "consumer", mountPropagation: "HostToContainer" },
      ),
    ];
    for (const changed of [{ driver: "bindfs" }, { hostPath: "/tmp/other" }, { timeoutSeconds: 60 }]) {
      assert.deepEqual(earlierPods(pods({}), pods(changed)), pods({}), JSON.stringify(changed));
      assert.deepEqual(earlierPods(pods(changed), pods(changed)), [], JSON.stringify(changed));
    }
    const [producer] = pods({});
    const older = { metadata: { ...producer?.metadata, annotations: { "fuse-test/programs": "0" } } };
    assert.deepEqual(earlierPods([older], pods({})), [older]);
  });
});

describe("a node", () => {
  it("is ready, not ready or missing", () => {
    const node = (status: string) => ({ status: { conditions: [{ type: "Ready", status }] } });
    assert.deepEqual([node("True"), node("False"), node("Unknown"), {}, undefined].map(nodeState), [
      "ready",
      "not-ready",
      "not-ready",
      "not-ready",
      "missing",
    ]);
  });

  it("is cleaned by an image that it has, where the test's own is not available", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const present = `docker.io/rclone/rclone@${digest}`;
    const node = { status: { images: [{ names: ["docker.io/library/evil:1", present] }] } };
    assert.deepEqual(janitorImages(node, "docker.io/none:1"), [present, "docker.io/none:1"]);
    assert.deepEqual(janitorImages(node, present), [present]);
    assert.deepEqual(janitorImages(undefined, "docker.io/none:1"), ["docker.io/none:1"]);
  });
});

describe("a janitor's pod", () => {
  const withState = (state: object) => ({ status: { containerStatuses: [{ state }] } }) as never;

  it("has ended when its container has, and not while that is being made", () => {
    assert.equal(attemptEnd(withState({ waiting: { reason: "ContainerCreating" } })), undefined);
    assert.equal(attemptEnd(withState({ running: {} })), undefined);
    const terminated = { exitCode: 0, startedAt: new Date(0) };
    assert.deepEqual(attemptEnd(withState({ terminated })), { end: "ended", message: "exit status 0" });
  });

  it("that cannot start says why, so that another image or propagation is tried", () => {
    const message = 'path "/tmp" is mounted on "/" but it is not a shared mount';
    assert.deepEqual(attemptEnd(withState({ waiting: { reason: "CreateContainerError", message } })), {
      end: "not-started",
      message: `CreateContainerError: ${message}`,
    });
  });
});

describe("an owner", () => {
  const stack = {
    organization: "organization",
    project: "fuse-test",
    stack: "local",
    backend: "file:///state",
  };

  it("is another one for another stack, backend, or machine with a backend of files", () => {
    const owners = [
      ownerOf(stack, "one"),
      ownerOf({ ...stack, stack: "homelab" }, "one"),
      ownerOf({ ...stack, backend: "file:///other" }, "one"),
      ownerOf(stack, "two"),
    ];
    assert.equal(new Set(owners).size, 4);
    assert.equal(
      ownerOf({ ...stack, backend: "https://api" }, "one"),
      ownerOf({ ...stack, backend: "https://api" }, "two"),
    );
  });

  it("is always a label's value", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        assert.match(ownerOf({ ...stack, stack: name }), /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
      }),
    );
  });
});
