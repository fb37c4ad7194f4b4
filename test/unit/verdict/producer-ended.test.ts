import assert from "node:assert/strict";
import { decide } from "../../../verdict/decide";
import {
  type ContainerFacts,
  logChannel,
  noPodSeen,
  type Observation,
  type PodObservation,
} from "../../../verdict/observation";
import { consumerFailing, observed, passingLog, START } from "../../support/observations";

describe("a control that looks when the producer ends", () => {
  it("is not blamed for the sentinel that the producer has removed", () => {
    const controlLog = (change: (text: string) => string[]) =>
      observed(
        "control",
        passingLog("control").flatMap((line) => change(line.text).map((text) => ({ ...line, text }))),
      );
    const blind = controlLog((text) => [text.replace('"sentinelVisible":true', '"sentinelVisible":false')]);
    const late = controlLog((text) =>
      text.includes('"path":"mount/NOT-MOUNTED"')
        ? []
        : [text.replace(/"found":(\d+)/, (_, found) => `"found":${Number(found) - 1}`)],
    );
    const torn = controlLog((text) => (text.includes('"path":"mount/NOT-MOUNTED"') ? [] : [text]));
    const exited = { run: "r1", role: "producer", event: "driver-exited", exit: 137, message: "" };
    const log = [...passingLog("producer"), { time: START + 1200, text: JSON.stringify(exited) }];
    const dead = consumerFailing("read", "stat: can't stat '/mnt/dfs/mount': Socket not connected");
    const othersOf = (control: typeof blind, producerLog: typeof log) => {
      const pods = { ...dead.pods, control, producer: observed("producer", producerLog) };
      const found = decide({ ...dead, pods });
      assert.ok(found.certain);
      return [found.judgement.cause, ...found.judgement.otherCauses];
    };
    for (const control of [blind, late]) {
      assert.deepEqual(othersOf(control, log), ["driver-crashed"]);
      assert.deepEqual(othersOf(control, passingLog("producer")), ["control-failed"]);
    }
    // It looked long before that.
    const later = log.map((line, index) =>
      index === log.length - 1 ? { ...line, time: START + 9000 } : line,
    );
    assert.deepEqual(othersOf(blind, later), ["driver-crashed", "control-failed"]);
    // What was lost or torn is no absence.
    assert.deepEqual(othersOf(torn, log), ["driver-crashed", "observation-failed"]);
  });
});

describe("what a consumer found when its producer may have ended", () => {
  const END = START + 2000;

  /** A run whose consumer found a dead mount, as it is seen some milliseconds after the consumer's end. */
  function dead(
    after: number,
    producer: Partial<PodObservation>,
    changes: Partial<Observation> = {},
  ): Observation {
    const seen = consumerFailing("read", "stat: can't stat '/mnt/dfs/mount': Socket not connected");
    const now = END + after;
    const pods = {
      producer: { ...seen.pods.producer, ...producer },
      consumer: { ...seen.pods.consumer, since: END },
      control: { ...seen.pods.control, since: END },
    };
    const read = Object.fromEntries(
      Object.keys(seen.channels).map((name) => [name, { state: "read", at: now }]),
    );
    return { ...seen, now, pods, channels: { ...read, ...changes.channels } };
  }

  function causeOf(observation: Observation): string | undefined {
    const decision = decide(observation);
    return decision.certain ? decision.judgement.cause : undefined;
  }

  const exited = { run: "r1", role: "producer", event: "driver-exited", exit: 137, message: "" };
  const reported = observed("producer", [
    ...passingLog("producer"),
    { time: START + 1200, text: JSON.stringify(exited) },
  ]);
  const { facts } = observed("producer");
  assert.ok(facts);
  const terminated: ContainerFacts = {
    state: "terminated",
    exitCode: 1,
    reason: "Error",
    message: "",
    imageId: "",
  };

  it("is not the mount's failure before the producer has outlived the consumer by five seconds", () => {
    for (const after of [0, 1000, 3000, 4999])
      assert.equal(causeOf(dead(after, {})), undefined, String(after));
    assert.equal(causeOf(dead(5000, {})), "mount-stale");
  });

  it("is decided by the producer's word, however late that comes", () => {
    for (const after of [0, 1000, 4999, 5000, 60_000])
      assert.equal(causeOf(dead(after, reported)), "driver-crashed", String(after));
  });

  it("is not the mount's failure when the pod's status shows that the producer ended, and its word is lost", () => {
    const silent = { facts: { ...facts, container: terminated }, since: END + 1000 };
    for (const logEnded of [false, true]) {
      for (const after of [1000, 5000, 9000])
        assert.equal(causeOf(dead(after, { ...silent, logEnded })), undefined, `${logEnded} ${after}`);
      assert.equal(causeOf(dead(12_000, { ...silent, logEnded })), "observation-failed");
    }
  });

  it("is not the mount's failure when the producer's pod or its log was not read for so long", () => {
    for (const name of ["pods", logChannel("producer")] as const) {
      const channels = { [name]: { state: "read", at: END + 4000 } } as const;
      assert.equal(causeOf(dead(9000, {}, { channels })), undefined);
      const { deadline } = consumerFailing("read", "");
      assert.equal(causeOf(dead(deadline - END, {}, { channels })), "observation-failed");
    }
  });

  it("is that the run was interrupted when the producer was stopped, or deleted, in the meantime", () => {
    const stop = (time: number): PodObservation => {
      const line = { run: "r1", role: "producer", event: "stopped", mounted: false };
      return observed("producer", [...passingLog("producer"), { time, text: JSON.stringify(line) }]);
    };
    const ended = { ...terminated, exitCode: 0, reason: "Completed" };
    for (const change of [
      stop(START + 1050),
      { ...stop(START + 1050), facts: { ...facts, container: ended }, logEnded: true },
      { ...stop(START + 1050), facts: { ...facts, deleted: true } },
      { facts: { ...facts, deleted: true } },
    ]) {
      for (const after of [0, 3000, 7000]) assert.equal(causeOf(dead(after, change)), "interrupted");
    }
    // It was stopped long after the consumer had found the mount dead.
    const late = { ...stop(START + 9000), facts: { ...facts, container: ended }, logEnded: true };
    assert.equal(causeOf(dead(9000, late)), "mount-stale");
  });

  it("has no log of a producer that has not started to wait for", () => {
    const { deadline } = consumerFailing("read", "");
    const unseen = {
      ...dead(deadline - END, {}),
      pods: { ...dead(0, {}).pods, producer: noPodSeen.producer },
    };
    const decision = decide(unseen);
    assert.ok(decision.certain);
    const { cause, otherCauses } = decision.judgement;
    assert.ok(![cause, ...otherCauses].includes("observation-failed"), [cause, ...otherCauses].join());
  });

  it("became certain when the producer had outlived the consumer", () => {
    const decision = decide(dead(7000, {}));
    assert.ok(decision.certain);
    assert.equal(decision.decisive, END + 5000);
  });
});
