import assert from "node:assert/strict";
import { findProblem } from "../../../verdict/decide";
import type { Observation } from "../../../verdict/observation";
import { parsePodLog } from "../../../protocol/pod-log";
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
import { driverNearMisses } from "./near-misses-of-drivers";

function causeOf(observation: Observation): string | undefined {
  return findProblem(observation)?.judgement.cause;
}

/** A pod whose container runs. */
const running = {
  ...passingFacts("control"),
  phase: "Running",
  container: passingFacts("producer").container,
};

describe("what pods and their drivers say", () => {
  for (const text of driverNearMisses) {
    it(`recognises no more than driver-crashed in ${JSON.stringify(text.slice(0, 90))}`, () => {
      const judgement = findProblem(producerFailing("driver", text))?.judgement;
      assert.deepEqual([judgement?.cause, judgement?.otherCauses], ["driver-crashed", []]);
    });
  }

  it("believes the words of drivers at no other stage, and of no other pod", () => {
    for (const { cause, source, reason, text } of fixtures) {
      if (source !== "driver" || reason !== "driver" || cause === "node-out-of-resources") continue;
      assert.notEqual(causeOf(producerFailing("waiting", text)), cause, text);
      assert.equal(causeOf(consumerFailing("somewhere", text)), undefined, text);
    }
  });

  describe("of a program that never started", () => {
    const cases: [string | undefined, string][] = [
      ["wrong-architecture", "exec /bin/sh: exec format error"],
      ["wrong-architecture", "standard_init_linux.go:228: exec user process caused: exec format error"],
      ["wrong-architecture", 'standard_init_linux.go:190: exec user process caused "exec format error"'],
      ["driver-missing", "exec /bin/sh: no such file or directory"],
      ["driver-missing", "exec /bin/sh: permission denied"],
      [undefined, "exec /opt/other: exec format error"],
      [undefined, "the words exec /bin/sh: no such file or directory in a sentence"],
    ];
    for (const [cause, text] of cases) {
      it(`say ${cause ?? "nothing"} of ${JSON.stringify(text)}, and nothing once it has`, () => {
        const early = observed("control", [{ time: START, text }], running);
        const { pods } = saying([]);
        assert.equal(causeOf(saying([], { pods: { ...pods, control: early } })), cause);
        const late = observed("control", [...passingLog("control"), { time: START, text }], running);
        assert.equal(causeOf(saying([], { pods: { ...pods, control: late } })), undefined);
      });
    }
  });

  it("say bridge-inaccessible of a pod that waited until the end, and not while the producer may let it in", () => {
    const { deadline } = passing();
    const blocked = JSON.stringify({ run: "r1", role: "consumer", event: "blocked", message: "mode 700" });
    const log = [...passingLog("consumer").slice(0, 1), { time: START + 1001, text: blocked }];
    const pods = { ...saying([]).pods, consumer: observed("consumer", log, running) };
    assert.equal(causeOf(saying([], { pods, now: deadline - 1 })), undefined);
    assert.equal(causeOf(saying([], { pods, now: deadline })), "bridge-inaccessible");
    const entered = {
      ...pods,
      consumer: observed("consumer", [...log, ...passingLog("consumer").slice(1, 2)], running),
    };
    assert.equal(causeOf(saying([], { pods: entered, now: deadline })), "timed-out");
  });

  it("say whether the mount that may not be read has the option allow_other", () => {
    const denied = consumerFailing("read", "stat: cannot statx '/mnt/dfs/mount': Permission denied");
    assert.match(findProblem(denied)?.judgement.summary ?? "", /it has the option allow_other;/);
    const log = passingLog("consumer").map(({ time, text }) => ({
      time,
      text: text.replace(",allow_other", ""),
    }));
    const [, , seen] = log;
    assert.ok(seen);
    const events = denied.pods.consumer.report.events.filter(({ event }) => event !== "seen");
    const lacking = parsePodLog([seen], { run: "r1", role: "consumer" }).events;
    const report = { ...denied.pods.consumer.report, events: [...lacking, ...events] };
    const consumer = { ...denied.pods.consumer, report };
    const judged = findProblem({ ...denied, pods: { ...denied.pods, consumer } })?.judgement;
    assert.match(judged?.summary ?? "", /it lacks the option allow_other;/);
  });
});
