import assert from "node:assert/strict";
import fc from "fast-check";
import type { Role } from "../../../manifests/common";
import { parseJobVerdict } from "../../../protocol/job-verdict";
import { decide } from "../../../verdict/decide";
import { checkDefinitions } from "../../../verdict/checks";
import {
  driverCausesInPods,
  judgeInPods,
  selectedBy,
  wordsInPods,
  type PrintedLines,
} from "../../support/judgement-in-pods";
import { observed, passing, passingFacts, passingLog } from "../../support/observations";
import { driverWords } from "../../../verdict/causes/driver-words";
import { diskFull } from "../../../verdict/causes/node-out-of-resources";
import { fixtures } from "./fixtures";
import { driverNearMisses } from "./near-misses-of-drivers";
import { otherWordsOfDrivers } from "./other-words-of-drivers";
import { ending, failed, printed, recorded, said } from "./recorded-runs";

const roles = ["producer", "consumer", "control"] as const;

/** What the verdict command concludes of the same lines, when the API shows nothing but the test's pods. */
function decided(run: PrintedLines, now = passing().now): string {
  const pods = Object.fromEntries(
    roles.map((role) => {
      const facts = passingFacts(role);
      const log = run[role].map((text, index) => ({ time: passing().start + 1000 + index, text }));
      const failing = run[role].some((line) => /^FAILURE|"event":"failed"/.test(line));
      const container = failing
        ? { ...facts.container, state: "terminated" as const, exitCode: 1, reason: "Error" }
        : facts.container;
      return [role, observed(role, log, { ...facts, container })];
    }),
  );
  const decision = decide({ ...passing(), now, pods: pods as ReturnType<typeof passing>["pods"] });
  return decision.certain ? `${decision.judgement.verdict} ${decision.judgement.cause}` : "waiting";
}

describe("the judgement in the pods", function () {
  // Each judgement starts some hundred processes.
  this.timeout(120_000);

  for (const shell of [["dash"], ["bash", "--norc"], ["busybox", "sh"]]) {
    it(`says SUCCESS of a run that passes, with ${shell[0] ?? ""}`, () => {
      const [first] = recorded;
      assert.ok(first);
      const { verdict, cause, checks } = judgeInPods(printed(first), shell);
      assert.deepEqual([verdict, cause], ["SUCCESS", ""]);
      assert.deepEqual(
        [...checks.map(({ name }) => name), "conclusion"].sort(),
        checkDefinitions.map(({ name }) => name).sort(),
      );
      assert.deepEqual(
        checks.filter(({ passed }) => passed !== true).map(({ name, passed }) => `${name} ${String(passed)}`),
        ["origin not-checked", "placement not-checked", "logs-whole not-checked"],
      );
    });
  }

  for (const one of recorded) {
    it(`agrees with the verdict command on a run that ${one.title}`, () => {
      const run = printed(one);
      const { verdict, cause } = judgeInPods(run);
      assert.equal(`${verdict} ${cause}`, decided(run));
    });
  }

  for (const shell of [["dash"], ["bash", "--norc"], ["busybox", "sh"]])
    it(`sees the causes in the words of drivers that the verdict command sees, with ${shell[0] ?? ""}`, () => {
      // That a driver has crashed is what is left when its words say nothing else.
      const known = fixtures.filter(({ source, reason }) => source === "driver" && reason === "driver");
      assert.ok(known.length > 30);
      const unknown = [
        "",
        "it has never been heard of",
        "mount: done",
        "/fuse-test/a.sh: line 3: syntax error",
      ];
      assert.deepEqual(
        driverCausesInPods([...known.map(({ text }) => text), ...unknown], shell).map(
          (cause, index) => `${cause}: ${known[index]?.text ?? ""}`,
        ),
        [
          ...known.map(({ cause, text }) => `${cause === "driver-crashed" ? "-" : cause}: ${text}`),
          ...unknown.map(() => "-: "),
        ],
      );
    });

  it("has the verdict command's patterns for the words of drivers, in the same order", () => {
    assert.deepEqual(wordsInPods(), [["node-out-of-resources", diskFull.source], ...driverWords]);
  });

  for (const grep of [["grep"], ["busybox", "grep"]])
    it(`selects with ${grep.join(" ")} the words of drivers that the verdict command's patterns select`, () => {
      const texts = [
        ...fixtures.filter(({ source }) => source === "driver").map(({ text }) => text),
        ...otherWordsOfDrivers.map(([, text]) => text),
        ...driverNearMisses,
      ].map((text) => text.replace(/\s+/g, " "));
      assert.ok(texts.length > 150);
      for (const [cause, pattern] of driverWords)
        assert.deepEqual(
          selectedBy(pattern, texts, grep),
          texts.filter((text) => new RegExp(pattern, "i").test(text)),
          `${cause}: ${pattern}`,
        );
    });

  for (const blocked of ["consumer", "control"] as const)
    it(`agrees at the run's deadline that the bridge cannot be entered if the ${blocked} still waits for that`, () => {
      const message = "stat: can't stat '/mnt/dfs/.': Permission denied (mode 700, owner 0:0)";
      const run: Record<Role, readonly string[]> = {
        ...printed(
          ending("", "producer", 2, failed("producer", "waiting", `${blocked} did not report within 30 s`)),
        ),
        consumer: printed(ending("", "consumer", 1)).consumer.slice(0, 1),
        control: printed(ending("", "control", 1)).control.slice(0, 1),
      };
      run[blocked] = [...run[blocked], said(blocked, "blocked", { message })];
      const { verdict, cause } = judgeInPods(run);
      assert.equal(`${verdict} ${cause}`, "ERROR bridge-inaccessible");
      assert.equal(decided(run, passing().deadline), "ERROR bridge-inaccessible");
    });

  it("says OOMKilled of a driver that was killed for memory, and of no other", () => {
    const memory = "OOMKilled: it used more memory than its limit";
    const ends = [
      [failed("producer", "driver", "", { exit: 137, outOfMemory: true }), `(${memory})`],
      [failed("producer", "driver", 'a\\b "c"', { outOfMemory: true }), `(${memory}: a\\b "c")`],
      [
        failed("producer", "verify", "Socket not connected", { outOfMemory: true }),
        `(${memory}: Socket not connected)`,
      ],
      [failed("producer", "driver", "Killed", { exit: 137, outOfMemory: false }), "(Killed)"],
      [said("producer", "driver-exited", { exit: 137, outOfMemory: true, message: "" }), `(${memory})`],
      [said("producer", "driver-exited", { exit: 137, outOfMemory: false, message: "" }), " status 137"],
      [failed("producer", "driver", ""), "the driver made no mount"],
      // A program of the producer itself was killed, before the driver.
      [failed("producer", "waiting", "late", { outOfMemory: true }), `waiting (${memory}: late)`],
    ] as const;
    for (const [line, words] of ends) {
      const { cause, summary } = judgeInPods(printed(ending("", "producer", 2, line)));
      assert.equal(cause, "driver-crashed");
      assert.ok(summary.endsWith(words), `${summary} does not end with ${words}`);
    }
  });

  it("prints no half of a character, wherever it cuts what a driver has printed in another alphabet", () => {
    const words = "Gerät フューズ ".repeat(60);
    const run = printed(ending("", "producer", 2, failed("producer", "driver", words)));
    for (const shell of [["dash"], ["busybox", "sh"]]) {
      const { cause, summary } = judgeInPods(run, shell);
      assert.equal(cause, "driver-crashed");
      assert.match(summary, /^[ -~]{250}$/);
      assert.ok(summary.includes("(Ger??t ?????"), summary);
    }
  });

  it("believes no line of another run or another pod", () => {
    const [first] = recorded;
    assert.ok(first);
    const run = printed(first);
    for (const from of ['"run":"r1"', '"role":"producer"']) {
      const producer = run.producer.map((line) => line.replace(from, from.replace(/r1|producer/, "other")));
      const { verdict, cause } = judgeInPods({ ...run, producer });
      assert.deepEqual([verdict, cause], ["ERROR", "timed-out"]);
    }
  });

  it("says SUCCESS of no run in which a line is missing or is there twice, but for lines that say the same", () => {
    const [first] = recorded;
    assert.ok(first);
    const run = printed(first);
    const idle = /"event":"(?:ready|prepared|mounting)"|"event":"started".*"driver"|^SUCCESS/;
    for (const role of roles) {
      for (const [index, line] of run[role].entries()) {
        if (idle.test(line)) continue;
        const without = run[role].filter((_, other) => other !== index);
        assert.notEqual(judgeInPods({ ...run, [role]: without }).verdict, "SUCCESS", line);
      }
    }
  });

  it("prints one JSON object of at most 4096 bytes whatever a driver has printed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 6000 }), (words) => {
        const clean = words.replace(/[^ -~]/g, " ");
        const producer = [
          ...passingLog("producer")
            .slice(0, 1)
            .map(({ text }) => text),
          failed("producer", "driver", clean),
        ];
        const { verdict, cause } = judgeInPods({ producer, consumer: [], control: [] });
        assert.deepEqual([verdict, cause], ["ERROR", "driver-crashed"]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("the verdict that a Job has left", () => {
  const verdict = { run: "r1", verdict: "SUCCESS", cause: "", summary: "s", checks: [] };

  it("is read as it was written", () => {
    assert.deepEqual(parseJobVerdict(JSON.stringify(verdict), "r1"), verdict);
  });

  it("is none if it is of another run, longer than a kubelet keeps, or no verdict", () => {
    const long = JSON.stringify({ ...verdict, summary: "s".repeat(5000) });
    for (const text of [JSON.stringify(verdict).replace("r1", "r2"), long, "", "{}", "SUCCESS", "null"])
      assert.equal(parseJobVerdict(text, "r1"), undefined);
  });

  it("never makes its reader fail, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.equal(parseJobVerdict(text, "r1"), undefined);
      }),
    );
  });
});
