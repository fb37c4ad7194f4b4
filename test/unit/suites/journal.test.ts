import assert from "node:assert/strict";
import fc from "fast-check";
import { errnoOf, errnosOf } from "../../../verdict/suites/errno";
import { notesOf, parseJournal, parseProgress } from "../../../protocol/suite-log";
import { describeStep } from "../../../verdict/suites/labels";
import { distributionOf, percentile } from "../../../protocol/suite-result";

const origin = { run: "r1", role: "reader" };
const line = (event: string, fields: object = {}): string => JSON.stringify({ ...origin, event, ...fields });
const mounts = line("mounts", { at: 2, mounts: 1, previous: 1 });

const begin = line("journal-begin");
const end = (lines: number): string => line("journal-end", { lines });

describe("a journal", () => {
  it("is what lies between its first and its last line", () => {
    const journal = parseJournal([mounts, begin, mounts, end(1), mounts], origin);
    assert.deepEqual(journal, {
      complete: true,
      fault: "",
      notes: [{ event: "mounts", at: 2, mounts: 1, previous: 1 }],
    });
  });

  for (const [what, lines, fault] of [
    ["without its last line", [begin, mounts], /first or its last line is missing/],
    ["without its first line", [mounts, end(1)], /first or its last line is missing/],
    ["when a line is missing", [begin, mounts, end(2)], /announces 2 lines, and 1 are there/],
    ["when a line is there twice", [begin, mounts, mounts, end(1)], /announces 1 lines, and 2 are there/],
    ["when a line is torn", [begin, mounts.slice(0, -3), end(1)], /a line that no program prints/],
    ["when a line's beginning is lost", [begin, mounts.slice(5), end(1)], /a line that no program prints/],
    ["when no number is announced", [begin, mounts, line("journal-end")], /announces no number of lines/],
    ["when a note lacks a field", [begin, line("mounts", { at: 2 }), end(1)], /that no program prints/],
    ["when a note has no time", [begin, line("mounts", { mounts: 1 }), end(1)], /that no program prints/],
    ["with a note that is none", [begin, line("toString", { at: 1 }), end(1)], /that no program prints/],
    ["with a line of another run", [begin, mounts.replace("r1", "r2"), end(1)], /that no program prints/],
    [
      "with a line of another role",
      [begin, mounts.replace("reader", "other"), end(1)],
      /that no program prints/,
    ],
  ] as const) {
    it(`is not complete, and has no notes, ${what}`, () => {
      const journal = parseJournal(lines, origin);
      assert.deepEqual([journal.complete, notesOf(journal, "mounts")], [false, []]);
      assert.match(journal.fault, fault);
    });
  }

  it("survives whatever a pod prints", () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ event: fc.string(), at: fc.anything() })
        .map((value) => JSON.stringify({ ...origin, ...value })),
    );
    fc.assert(
      fc.property(fc.array(hostile), (lines) => {
        const journal = parseJournal([begin, ...lines], origin);
        assert.equal(journal.complete && !lines.some((one) => one.includes("journal-end")), false);
        assert.equal(parseProgress(lines, "r1").finished, false);
      }),
    );
  });
});

describe("the producer's progress", () => {
  const producerLine = (event: string, fields: object): string =>
    JSON.stringify({ run: "r1", role: "examination-producer", event, ...fields });

  it("names the step and what the producer waits for", () => {
    const lines = [producerLine("step", { name: "delete" }), producerLine("await", { scenario: "delete" })];
    assert.deepEqual(parseProgress(lines, "r1"), {
      step: "delete",
      awaits: "delete",
      finished: false,
    });
  });

  it("is reported in words, with how often where that is more than once", () => {
    assert.deepEqual(
      (["matrix", "kill", "hang", "something new"] as const).map((name) => describeStep(name, "full")),
      ["visibility matrix", "killed daemons (30)", "hung daemon", "something new"],
    );
  });

  it("does nothing that is no scenario", () => {
    assert.equal(parseProgress([producerLine("await", { scenario: "kube-system" })], "r1").awaits, undefined);
  });
});

describe("an error's name", () => {
  for (const [text, name] of [
    ["can't open marker: Transport endpoint is not connected", "ENOTCONN"],
    ["can't open marker: Socket not connected", "ENOTCONN"],
    ["read error: Software caused connection abort", "ECONNABORTED"],
    ["head: marker: Permission denied", "EACCES"],
    ["can't open marker: no such file", "ENOENT"],
    ["something new", "something new"],
  ] as const) {
    it(`is ${name} for "${text}"`, () => {
      assert.equal(errnoOf(text), name);
    });
  }

  it("is reported with its number where errors differ", () => {
    const texts = ["no such file", "Socket not connected", "Socket not connected"];
    assert.equal(errnosOf(texts), "ENOTCONN (2 of 3), ENOENT (1 of 3)");
  });
});

describe("a distribution", () => {
  it("has percentiles by the nearest rank", () => {
    const samples = Array.from({ length: 20 }, (_, index) => index + 1);
    assert.deepEqual(
      [0, 0.5, 0.95, 1].map((part) => percentile(samples, part)),
      [1, 10, 19, 20],
    );
  });

  it("is null if nothing was measured", () => {
    assert.equal(distributionOf([], 1), null);
  });

  it("keeps to the range of its samples", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1 }), (samples) => {
        const found = distributionOf(samples, 1);
        assert.ok(
          found !== null &&
            found.minimum <= found.median &&
            found.median <= found.p95 &&
            found.p95 <= found.maximum,
        );
        assert.equal(found.maximum, Math.max(...samples));
      }),
    );
  });
});
