import assert from "node:assert/strict";
import { decide } from "../../../verdict/decide";
import { consumerFailing, observed, passingLog, START } from "../../support/observations";

describe("a control that looks when the producer ends", () => {
  it("is not blamed for the sentinel that the producer has taken away", () => {
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
      assert.deepEqual(othersOf(control, log), ["driver-crashed", "mount-stale"]);
      assert.deepEqual(othersOf(control, passingLog("producer")), ["control-failed", "mount-stale"]);
    }
    // It looked long before that.
    const later = log.map((line, index) =>
      index === log.length - 1 ? { ...line, time: START + 9000 } : line,
    );
    assert.deepEqual(othersOf(blind, later), ["driver-crashed", "control-failed", "mount-stale"]);
    // What was lost or torn is no absence.
    assert.deepEqual(othersOf(torn, log), ["driver-crashed", "observation-failed", "mount-stale"]);
  });
});
