import assert from "node:assert/strict";
import { evaluate } from "../../verdict/suites/evaluate";
import type { Examination } from "../../protocol/suite-result";
import { driverNames } from "../../config/programs";
import { checkDefinitions } from "../../verdict/checks";
import { parseMount } from "../../verdict/mountinfo";
import { only } from "../../protocol/pod-log";
import { type Played, play } from "../support/bench";
import { testCluster } from "../support/cluster";
import { together } from "../support/edits";
import { examineScene } from "../support/examine";
import { onNode } from "../support/nodes";

/** What each driver cannot show, so that the check is not applicable; and the type of its mount. */
const drivers: Readonly<Record<string, { readonly cannot: readonly string[]; readonly type: string }>> = {
  bindfs: { cannot: [], type: "fuse" },
  rclone: { cannot: ["symlink"], type: "fuse.rclone" },
  "rclone-mount2": { cannot: ["symlink"], type: "fuse.rclone" },
  squashfuse: { cannot: [], type: "fuse.squashfuse" },
};

describe("drivers on the real cluster", function () {
  this.timeout(300_000);
  const played = new Map<string, Played>();
  const examined = new Map<string, Examination>();
  let afterLeftover: Played;

  before(async () => {
    const cluster = await testCluster();
    // Two at a time: what an examination waits for has deadlines, and the machine may be small.
    const results = await together(driverNames(), 2, (driver) =>
      play(cluster, {
        name: `driver-${driver}`,
        settings: { driver },
        afterVerdict: async (scene) => {
          examined.set(driver, evaluate(await examineScene(scene, "standard")));
        },
      }),
    );
    for (const [index, result] of results.entries()) {
      if (result.status === "rejected") throw result.reason;
      played.set(driverNames()[index] ?? "", result.value);
    }
    afterLeftover = await play(cluster, {
      name: "leftover",
      // Consumer and control start when the producer has made the bridge ready.
      pod: (pod, role) => {
        const [one] = pod.spec?.containers ?? [];
        if (role === "producer" || one === undefined) return pod;
        const waiting = "until [ -d /mnt/dfs/signals ]; do sleep 0.1; done";
        const first = Object.assign(structuredClone(one), {
          name: "wait",
          command: ["/bin/sh", "-c", waiting],
        });
        Object.assign(pod.spec ?? {}, { initContainers: [first] });
        return pod;
      },
      prepare: async () => {
        await onNode("w2", ["mkdir", "-p", "/tmp/fuse-test-leftover/mount"]);
        const killed = "bindfs -f /sys /tmp/fuse-test-leftover/mount & sleep 1; kill -9 $!";
        await onNode("w2", ["sh", "-c", killed]);
      },
    });
  });

  it("are the four that are described here", () => {
    assert.deepEqual(driverNames(), Object.keys(drivers));
  });

  for (const [driver, { cannot, type }] of Object.entries(drivers)) {
    it(`gives SUCCESS with ${driver}, and says what it cannot show`, () => {
      const { verdict, observation } = played.get(driver) ?? {};
      assert.equal(verdict?.verdict, "SUCCESS", verdict?.summary);
      assert.equal(verdict.run.driver, driver);
      assert.deepEqual(
        verdict.checks.map(({ name, passed }) => [name, passed]),
        checkDefinitions.map(({ name }) => [name, cannot.includes(name) ? "not-applicable" : true]),
      );
      const seen = observation && only(observation.pods.consumer.report, "seen");
      assert.equal(parseMount(seen?.mountinfo ?? "")?.type, type);
    });
  }

  for (const driver of Object.keys(drivers)) {
    it(`goes through the standard examination with ${driver}, as expected in everything`, () => {
      const examination = examined.get(driver);
      assert.ok(examination !== undefined);
      const { outcome, problem, cells, scenarios, disappearance } = examination;
      assert.deepEqual([outcome, problem], ["recovers", ""], JSON.stringify({ problem, scenarios }, null, 2));
      assert.deepEqual(
        cells.map(({ id, observed, passed }) => [id, passed === true ? "as expected" : observed]),
        [
          "plain-slave-10001-before-allowed",
          "plain-slave-10001-before-owner-only",
          "plain-slave-10001-after-allowed",
          "plain-slave-10001-after-owner-only",
          "plain-slave-10001-reverse",
          "view-host",
        ].map((id) => [id, "as expected"]),
      );
      assert.deepEqual(
        scenarios.map(({ name, times, sameConsumer, mounts }) => [name, times, sameConsumer, mounts]),
        [
          ["kill", 5, true, 1],
          ["hang", 1, true, 1],
        ],
      );
      assert.match(scenarios[0]?.consumerGot ?? "", /ENOTCONN|ECONNABORTED/);
      assert.deepEqual(
        disappearance.map(({ observed }) => observed),
        ["gone, with the directory underneath", "gone, with the directory underneath", "gone"],
      );
    });
  }

  it("gives SUCCESS where an earlier run left a dead mount, which the producer removes", () => {
    assert.equal(afterLeftover.verdict.verdict, "SUCCESS", afterLeftover.verdict.summary);
    assert.ok(only(afterLeftover.observation.pods.producer.report, "leftover"));
  });
});
