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
      ["wrong-architecture", "Fatal glibc error: CPU does not support x86-64-v3"],
      ["wrong-architecture", "/bin/sh: CPU ISA level is lower than required"],
      [
        "driver-missing",
        "/bin/sh: error while loading shared libraries: libtinfo.so.6: cannot open shared object file: No such file or directory",
      ],
      ["driver-missing", "/bin/sh: /lib/libc.so.6: version `GLIBC_2.38' not found (required by /bin/sh)"],
      [
        "driver-missing",
        "Error loading shared library libreadline.so.8: No such file or directory (needed by /bin/sh)",
      ],
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

  describe("of a program that could not be run for an unknown reason", () => {
    const words = "qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory";
    const ended = (exitCode: number, ...texts: string[]): Observation => {
      const { container } = passingFacts("control");
      const log = texts.map((text) => ({ time: START, text }));
      const control = observed("control", log, {
        ...passingFacts("control"),
        container: { ...container, exitCode, reason: "Error" },
      });
      return saying([], { pods: { ...saying([]).pods, control } });
    };

    it("are quoted as start-failed, with the exit status", () => {
      for (const exitCode of [1, 2, 126, 127, 255]) {
        const judgement = findProblem(ended(exitCode, words, "again"))?.judgement;
        assert.equal(judgement?.cause, "start-failed");
        assert.ok(judgement.summary.includes(`(exit status ${exitCode}: ${words} again)`), judgement.summary);
      }
    });

    it("are no start-failed if the program was killed or succeeded, or if the log is not the program's whole log", () => {
      for (const observation of [
        ended(0, words),
        ended(137, words),
        ended(127),
        ended(127, "unable to retrieve container logs for containerd://abc"),
        ended(127, 'failed to try resolving symlinks in path "/var/log/pods/x/0.log": lstat: no such file'),
        ended(127, words, 'n":"r1","role":"control","event":"ready"}'),
        ended(127, words, "FAILURE: Producer marker never appeared"),
      ])
        assert.notEqual(causeOf(observation), "start-failed");
    });
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
