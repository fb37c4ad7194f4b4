import assert from "node:assert/strict";
import { causes } from "../../../verdict/causes";
import { tolerates } from "../../../verdict/causes/taint-not-tolerated";
import { decide, findProblem } from "../../../verdict/decide";
import type { ContainerFacts, Observation } from "../../../verdict/observation";
import {
  consumerFailing,
  observed,
  passing,
  passingFacts,
  passingLog,
  producerFailing,
  saying,
  START,
} from "../../support/observations";
import { fixtures } from "./fixtures";
import { ordinary } from "./ordinary";

function causeOf(observation: Observation): string | undefined {
  return findProblem(observation)?.judgement.cause;
}

function decided(observation: Observation): [string, string] | undefined {
  const decision = decide(observation);
  return decision.certain ? [decision.judgement.verdict, decision.judgement.cause] : undefined;
}

/** The codes of the catalogue, in the words of the specification. */
const FAILURES = [
  "access-denied",
  "content-mismatch",
  "mount-hung",
  "mount-stale",
  "not-propagated",
  "wrong-filesystem",
];

describe("causes", () => {
  for (const { cause, source, reason, text } of fixtures) {
    it(`recognises ${cause} in ${JSON.stringify(text.slice(0, 90))}`, () => {
      const observation =
        source === "driver"
          ? producerFailing(reason, text)
          : saying([{ source, about: "producer", reason, text, count: 3 }]);
      const judgement = findProblem(observation)?.judgement;
      assert.equal(judgement?.cause, cause);
      assert.equal(judgement.verdict, "ERROR");
      assert.match(judgement.summary, new RegExp(`See docs/troubleshooting.md#${cause}$`));
      assert.ok(judgement.nextSteps.length >= 2);
    });
  }

  for (const message of ordinary) {
    it(`recognises no cause in ${message.reason}: ${message.text.slice(0, 60)}`, () => {
      assert.equal(causeOf(saying([message])), undefined);
    });
  }

  it("believes the words of the API and of the kubelet of no user else", () => {
    const words = fixtures.filter(({ source }) => source !== "driver").map(({ text }) => text);
    for (const text of words) {
      const cause = causeOf(consumerFailing("somewhere", text));
      assert.equal(cause, undefined, text);
    }
  });

  it("are the 40 of the catalogue, each once, six of them a FAILURE", () => {
    const codes = causes.map(({ code }) => code);
    assert.equal(codes.length, 40);
    assert.equal(new Set(codes).size, 40);
    const failures = causes.filter(({ verdict }) => verdict === "FAILURE").map(({ code }) => code);
    assert.deepEqual(failures.sort(), FAILURES);
  });

  it("have next steps with a command to type", () => {
    const { question } = passing();
    for (const { code, nextSteps } of causes) {
      const steps = nextSteps(question, { about: "producer", text: "words" });
      assert.ok(
        steps.some((step) =>
          /kubectl|pulumi|findmnt|npm run|mount|modprobe|umount|stat |runAsUser/.test(step),
        ),
        code,
      );
    }
  });

  describe("of the node", () => {
    const node = passing().node;
    assert.ok(node);
    const cases: [string, Partial<typeof node>][] = [
      ["node-missing", { exists: false }],
      ["node-not-ready", { ready: false, readyMessage: "Kubelet stopped posting node status." }],
      ["node-cordoned", { unschedulable: true }],
      ["taint-not-tolerated", { taints: [{ key: "dedicated", value: "media", effect: "NoExecute" }] }],
      ["taint-not-tolerated", { taints: [{ key: "dedicated", value: "media", effect: "NoSchedule" }] }],
    ];
    for (const [cause, change] of cases) {
      it(`say ${cause} before the pods run`, () => {
        assert.equal(causeOf(saying([], { node: { ...node, ...change } })), cause);
      });
      it(`do not undo a run that passed: ${cause}`, () => {
        assert.deepEqual(decided(passing({ node: { ...node, ...change } })), ["SUCCESS", ""]);
      });
    }

    it("leave a tolerated taint and a soft one alone", () => {
      const taints = [
        { key: "dedicated", value: "media", effect: "NoSchedule" },
        { key: "soft", value: "", effect: "PreferNoSchedule" },
      ];
      const tolerations = [{ key: "dedicated", operator: "Equal", value: "media", effect: "NoSchedule" }];
      assert.equal(causeOf(saying([], { node: { ...node, taints }, tolerations })), undefined);
    });

    it("match tolerations as Kubernetes does", () => {
      const taint = { key: "a", value: "b", effect: "NoExecute" };
      assert.equal(tolerates({ operator: "Exists" }, taint), true);
      assert.equal(tolerates({ key: "a", operator: "Exists" }, taint), true);
      assert.equal(tolerates({ key: "a", value: "b" }, taint), true);
      assert.equal(tolerates({ key: "a", value: "c" }, taint), false);
      assert.equal(tolerates({ key: "b", operator: "Exists" }, taint), false);
      assert.equal(tolerates({ key: "a", operator: "Exists", effect: "NoSchedule" }, taint), false);
      assert.equal(tolerates({ value: "b" }, taint), false);
    });
  });

  describe("of the reading", () => {
    const cases: [string, string, string][] = [
      ["access-denied", "read", "stat: can't stat '/mnt/dfs/mount': Permission denied"],
      ["access-denied", "read", "find: ./directory: Permission denied"],
      ["content-mismatch", "read", "common.sh: line 9: can't create /scratch/paths: Permission denied"],
      ["access-denied", "read", "stat: cannot statx '/mnt/dfs/mount': Permission denied"],
      ["mount-stale", "read", "stat: can't stat '/mnt/dfs/mount': Socket not connected"],
      ["mount-stale", "read", "stat: cannot statx '/mnt/dfs/mount': Transport endpoint is not connected"],
      ["mount-stale", "read", "stat: can't stat '/mnt/dfs/mount': Software caused connection abort"],
      ["mount-stale", "gone", "head: /mnt/dfs/mount/marker: No such file or directory"],
      ["mount-hung", "hung", "no answer within 5 s"],
      ["content-mismatch", "read", "head: /mnt/dfs/mount/marker: I/O error"],
    ];
    for (const [cause, stage, message] of cases) {
      it(`say ${cause} of ${JSON.stringify(message)}, and that it is a FAILURE`, () => {
        assert.deepEqual(decided(consumerFailing(stage, message)), ["FAILURE", cause]);
      });
    }
  });

  it("name not-propagated where the consumer sees the directory underneath instead of the mount", () => {
    const missing = { run: "r1", role: "consumer", event: "not-seen", polls: 51, sentinelVisible: true };
    const log = [
      ...passingLog("consumer").slice(0, 2),
      { time: START + 1100, text: JSON.stringify(missing) },
      { time: START + 1101, text: "FAILURE: Producer marker never appeared" },
    ];
    const facts = passingFacts("consumer");
    const consumer = observed("consumer", log, { ...facts, container: { ...facts.container, exitCode: 1 } });
    assert.deepEqual(decided(passing({ pods: { ...passing().pods, consumer } })), [
      "FAILURE",
      "not-propagated",
    ]);
    const blind = [...log];
    blind[2] = { time: START + 1100, text: JSON.stringify({ ...missing, sentinelVisible: false }) };
    const elsewhere = observed("consumer", blind, {
      ...facts,
      container: { ...facts.container, exitCode: 1 },
    });
    assert.deepEqual(decided(passing({ pods: { ...passing().pods, consumer: elsewhere } })), [
      "ERROR",
      "control-failed",
    ]);
  });

  it("name an old mount that a pod had started with, and not an old mount that was removed in time", () => {
    const [started, ...rest] = passingLog("producer");
    assert.ok(started);
    const leftover = { run: "r1", role: "producer", event: "leftover", mountinfo: "the line" };
    const producer = observed("producer", [started, { ...started, text: JSON.stringify(leftover) }, ...rest]);
    assert.deepEqual(decided(passing({ pods: { ...passing().pods, producer } })), ["SUCCESS", ""]);
    for (const role of ["consumer", "control"] as const) {
      const log = passingLog(role).map((line) => ({
        ...line,
        text: line.text.replace('"mountVisible":false', '"mountVisible":true'),
      }));
      const pods = { ...passing().pods, producer, [role]: observed(role, log) };
      assert.deepEqual(decided(passing({ pods })), ["ERROR", "stale-mount-at-start"], role);
    }
  });

  it("say OOMKilled of a driver that was killed for memory, whoever tells it and however it ended", () => {
    const ended = (fields: object, facts?: Partial<ContainerFacts>): string => {
      const line = { time: START + 1200, text: JSON.stringify({ run: "r1", role: "producer", ...fields }) };
      const known = passingFacts("producer");
      const container = { ...known.container, ...facts };
      const producer = observed("producer", [...passingLog("producer").slice(0, 1), line], {
        ...known,
        container,
      });
      const found = findProblem(passing({ pods: { ...passing().pods, producer } }));
      assert.equal(found?.judgement.cause, "driver-crashed");
      return found.judgement.summary;
    };
    const killed = { event: "driver-exited", exit: 137, message: "", outOfMemory: true };
    assert.match(ended(killed), /\(OOMKilled: it used more memory than its limit, killed by signal 9\)/);
    // What it had started was killed, and it ended by itself.
    const failed = { event: "failed", stage: "driver", exit: 1, message: "", outOfMemory: true };
    assert.match(ended(failed), /\(OOMKilled: it used more memory than its limit, exit status 1\)/);
    const unread = { event: "failed", stage: "verify", message: "Socket not connected", outOfMemory: true };
    assert.match(ended(unread), /\(OOMKilled: it used more memory than its limit\)/);
    // The kernel has killed the whole container, and no user is left to tell it.
    const whole = { state: "terminated", exitCode: 137, reason: "OOMKilled" } as const;
    assert.match(ended({ event: "mounting" }, whole), /\(OOMKilled: it used more memory than its limit\)/);
    // Another user's signal is no want of memory.
    assert.match(ended({ ...killed, outOfMemory: false }), /\(killed by signal 9\)/);
  });

  it("name the root of two, and not what follows from it", () => {
    const exited = { run: "r1", role: "producer", event: "driver-exited", exit: 137, message: "" };
    const log = [...passingLog("producer"), { time: START + 1200, text: JSON.stringify(exited) }];
    const observation = consumerFailing("read", "stat: can't stat '/mnt/dfs/mount': Socket not connected");
    const decision = decide({
      ...observation,
      pods: { ...observation.pods, producer: observed("producer", log) },
    });
    assert.ok(decision.certain);
    assert.equal(decision.judgement.cause, "driver-crashed");
    assert.deepEqual(decision.judgement.otherCauses, []);
    assert.match(decision.judgement.summary, /killed by signal 9/);
  });

  it("say interrupted of a consumer that was killed, and observation-failed of one that ends by itself without its last word", () => {
    const facts = passingFacts("consumer");
    for (const [exitCode, cause] of [
      [0, "observation-failed"],
      [1, "observation-failed"],
      [137, "interrupted"],
      [143, "interrupted"],
    ] as const) {
      const container = { ...facts.container, exitCode };
      const silent = observed("consumer", passingLog("consumer").slice(0, 3), { ...facts, container });
      const pods = { ...passing().pods, consumer: silent };
      assert.deepEqual(decided(passing({ pods })), ["ERROR", cause], String(exitCode));
      const noise = observed(
        "consumer",
        [...passingLog("consumer").slice(0, 3), { time: START, text: "SUCCESS" }],
        { ...facts, container },
      );
      assert.deepEqual(decided(passing({ pods: { ...pods, consumer: noise } }))?.[1], "observation-failed");
    }
  });

  it("say interrupted of a run that was stopped, and of pods that were deleted", () => {
    assert.deepEqual(decided(saying([], { interrupted: true })), ["ERROR", "interrupted"]);
    const deleted = observed("consumer", [], { ...passingFacts("consumer"), deleted: true });
    const pods = { ...passing().pods, consumer: deleted };
    assert.deepEqual(decided(passing({ pods })), ["ERROR", "interrupted"]);
  });

  it("say timed-out at the deadline and what was waited for, and not a moment before", () => {
    const { deadline } = passing();
    assert.equal(decided(saying([], { now: deadline - 1 })), undefined);
    const decision = decide(saying([], { now: deadline }));
    assert.ok(decision.certain);
    assert.equal(decision.judgement.cause, "timed-out");
    assert.match(decision.judgement.summary, /waiting for the producer pod to be created/);
  });
});
