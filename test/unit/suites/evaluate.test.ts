import assert from "node:assert/strict";
import { conclude } from "../../../verdict/suites/merge-verdict";
import { evaluate, isUnread } from "../../../verdict/suites/evaluate";
import { type Evidence, PRODUCER } from "../../../verdict/suites/evidence";
import { READER } from "../../../config/suites";
import { type Note, parseJournal } from "../../../protocol/suite-log";
import { standardEvidence } from "../../support/examinations";
import { aVerdict } from "../../support/verdicts";

const CONSUMER = "plain-slave-10001";
const later = new Date(Date.parse(aVerdict().run.start) + 20_000);

function looks(note: Note, change: Partial<Extract<Note, { event: "look" }>>): Note {
  return note.event === "look" ? { ...note, ...change } : note;
}

describe("the evaluation of an examination", () => {
  it("finds everything as expected in a real run", () => {
    const examination = evaluate(standardEvidence());
    assert.equal(examination.outcome, "recovers");
    assert.equal(examination.problem, "");
    assert.deepEqual(
      examination.cells.filter(({ passed }) => passed !== true),
      [],
    );
    assert.deepEqual(
      examination.scenarios.map(({ name, times, passed, mounts }) => [name, times, passed, mounts]),
      [
        ["kill", 5, true, 1],
        ["hang", 1, true, 1],
      ],
    );
    assert.equal(examination.latency?.samples.length, 7);
    assert.deepEqual(
      examination.disappearance.map(({ passed }) => passed),
      [true, true, true],
    );
  });

  it("has no resolution below the step of the pods' clock", () => {
    const resolutions = (clock: "uptime" | "realtime"): readonly (number | undefined)[] => {
      const evidence = standardEvidence(PRODUCER, (note) =>
        note.event === "started" ? { ...note, clock } : note,
      );
      const reader = evidence.journals.get(READER);
      assert.ok(reader);
      // A step of that clock is longer than the loop, so that two polls often have the same time.
      const notes = reader.notes.map((note) =>
        note.event === "lost" || note.event === "mounts" ? { ...note, previous: note.at } : note,
      );
      const journals = new Map(evidence.journals).set(READER, { ...reader, notes });
      const { latency, scenarios } = evaluate({ ...evidence, journals });
      return [latency, ...scenarios.map(({ recovered }) => recovered)].map((one) => one?.resolution);
    };
    assert.deepEqual(resolutions("uptime"), [10, 10, 10]);
    assert.deepEqual(resolutions("realtime"), [0, 0, 0]);
  });

  it("calls it a partial success when the running consumer does not come back", () => {
    const evidence = standardEvidence("reader", (note) =>
      note.event === "read" && note.generation > 1 ? undefined : note,
    );
    const examination = evaluate(evidence);
    assert.equal(examination.outcome, "needs-liveness-probe");
    assert.match(examination.summary, /needs a liveness probe/);
    assert.match(examination.livenessProbe, /^livenessProbe:\n {2}exec:/);
    const verdict = conclude(aVerdict(), examination, later);
    assert.equal(verdict.verdict, "SUCCESS");
    assert.match(verdict.nextSteps[0] ?? "", /liveness probe/);
  });

  it("does not take another nonce for the new one", () => {
    const evidence = standardEvidence("reader", (note) =>
      note.event === "read" && note.generation === 3 ? { ...note, nonce: "00" } : note,
    );
    const kill = evaluate(evidence).scenarios.find(({ name }) => name === "kill");
    assert.equal(kill?.sameConsumer, false);
    assert.equal(kill.recovered?.samples.length, 4);
  });

  it("finds mounts that stack", () => {
    const evidence = standardEvidence("reader", (note) =>
      note.event === "mounts" && note.mounts === 1 ? { ...note, mounts: 2 } : note,
    );
    const kill = evaluate(evidence).scenarios.find(({ name }) => name === "kill");
    assert.equal(kill?.mounts, 2);
    assert.equal(kill.passed, false);
  });

  it("finds a mount that is left after an orderly stop", () => {
    const evidence = standardEvidence("reader", (note) =>
      note.event === "started-after-end" ? { ...note, mounts: 1 } : note,
    );
    assert.deepEqual(
      evaluate(evidence).disappearance.map(({ passed, observed }) => [passed, observed]),
      [
        [true, "gone, with the directory underneath"],
        [true, "gone, with the directory underneath"],
        [false, "1 left"],
      ],
    );
  });

  it("is incomplete where a journal is missing", () => {
    const evidence = standardEvidence();
    const journals = new Map([...evidence.journals].filter(([name]) => name !== "reader"));
    const examination = evaluate({ ...evidence, journals });
    assert.equal(examination.outcome, "incomplete");
    const verdict = conclude(aVerdict(), examination, later, isUnread({ ...evidence, journals }));
    assert.deepEqual([verdict.verdict, verdict.cause], ["ERROR", "observation-failed"]);
    const givenUp = { ...evidence, journals, givenUp: "it took too long" };
    const late = conclude(aVerdict(), evaluate(givenUp), later, isUnread(givenUp));
    assert.deepEqual([late.verdict, late.cause], ["ERROR", "timed-out"]);
  });

  it("is an ERROR that names the log in which a line of a journal is missing, torn or there twice", () => {
    const whole = standardEvidence();
    for (const [role, { notes }] of whole.journals) {
      const line = (event: string, fields: object = {}): string =>
        JSON.stringify({ run: "r1", role, event, ...fields });
      const lines = [
        line("journal-begin"),
        ...notes.map(({ event, ...fields }) => line(event, fields)),
        line("journal-end", { lines: notes.length }),
      ];
      const read = (log: readonly string[]): Evidence => {
        const journals = new Map(whole.journals);
        return { ...whole, journals: journals.set(role, parseJournal(log, { run: "r1", role })) };
      };
      assert.deepEqual(evaluate(read(lines)), evaluate(whole));
      for (const [index, text] of lines.entries()) {
        const [before, after] = [lines.slice(0, index), lines.slice(index + 1)];
        for (const log of [
          [...before, ...after],
          [...before, text.slice(0, -4), ...after],
          [...before, text.slice(4), ...after],
          ...(index === 0 || index === lines.length - 1 ? [] : [[...before, text, text, ...after]]),
        ]) {
          const evidence = read(log);
          const verdict = conclude(aVerdict(), evaluate(evidence), later, isUnread(evidence));
          assert.deepEqual([verdict.verdict, verdict.cause], ["ERROR", "observation-failed"], text);
          assert.ok(verdict.summary.includes(`the log of ${role} `), verdict.summary);
        }
      }
    }
  });
});

describe("the verdict after an examination", () => {
  it("keeps a SUCCESS and adds a check for each cell, loss and disappearance", () => {
    const verdict = conclude(aVerdict(), evaluate(standardEvidence()), later);
    assert.equal(verdict.verdict, "SUCCESS");
    assert.equal(verdict.timings.verdict, 20_000);
    const kinds = verdict.checks.map(({ name }) => name.split("/")[0] ?? "");
    assert.deepEqual(
      ["matrix", "recovery", "disappearance"].map((kind) => kinds.filter((one) => one === kind).length),
      [6, 2, 3],
    );
  });

  it("is a FAILURE where the ordinary consumer may not read", () => {
    const change = { result: "failed", text: "head: marker: Permission denied" } as const;
    const evidence = standardEvidence(CONSUMER, (note) => looks(note, change));
    const verdict = conclude(aVerdict(), evaluate(evidence), later);
    assert.deepEqual([verdict.verdict, verdict.cause], ["FAILURE", "access-denied"]);
  });

  it("is a FAILURE where the late consumer does not see the mount", () => {
    const change = { mounts: 0, result: "failed", text: "no such file", sentinel: true } as const;
    const evidence = standardEvidence(CONSUMER, (note) =>
      note.event === "look" && note.started === "after" ? looks(note, change) : note,
    );
    const verdict = conclude(aVerdict(), evaluate(evidence), later);
    assert.deepEqual([verdict.verdict, verdict.cause], ["FAILURE", "not-propagated"]);
  });

  it("is an ERROR where a mount reaches the producer that must not", () => {
    const evidence = standardEvidence(PRODUCER, (note) =>
      note.event === "reverse" ? { ...note, mounts: 1 } : note,
    );
    const verdict = conclude(aVerdict(), evaluate(evidence), later);
    assert.deepEqual([verdict.verdict, verdict.cause], ["ERROR", "control-failed"]);
  });

  it("is an ERROR where a privileged root may not make the mount that must not reach the producer", () => {
    const examination = evaluate(standardEvidence());
    const cells = examination.cells.map((cell) =>
      cell.kind === "reverse"
        ? ({
            ...cell,
            propagation: "None",
            privileged: true,
            uid: 0,
            finding: "refused",
            passed: false,
          } as const)
        : cell,
    );
    const verdict = conclude(aVerdict(), { ...examination, cells }, later);
    assert.deepEqual([verdict.verdict, verdict.cause], ["ERROR", "control-failed"]);
  });

  it("never turns another verdict into a SUCCESS", () => {
    const quick = aVerdict({ verdict: "FAILURE", cause: "not-propagated" });
    const verdict = conclude(quick, evaluate(standardEvidence()), later);
    assert.deepEqual([verdict.verdict, verdict.cause], ["FAILURE", "not-propagated"]);
  });
});
