import assert from "node:assert/strict";
import fc from "fast-check";
import { errnoOf, errnosOf } from "../../../examination/errno";
import { notesOf, parseJournal, parseProgress } from "../../../examination/journal";
import { describeStep } from "../../../examination/step-words";
import { distributionOf, percentile } from "../../../examination/result";

const origin = { run: "r1", role: "reader" };
const line = (event: string, fields: object = {}): string => JSON.stringify({ ...origin, event, ...fields });
const mounts = line("mounts", { at: 2, mounts: 1, previous: 1 });

describe("a journal", () => {
  it("is what lies between its first and its last line", () => {
    const journal = parseJournal(
      [mounts, line("journal-begin"), mounts, line("journal-end"), mounts],
      origin,
    );
    assert.deepEqual(journal, {
      complete: true,
      notes: [{ event: "mounts", at: 2, mounts: 1, previous: 1 }],
    });
  });

  it("is not complete without its last line", () => {
    assert.equal(parseJournal([line("journal-begin"), mounts], origin).complete, false);
  });

  it("leaves out lines of other runs and roles, and notes that lack a field", () => {
    const foreign = [
      JSON.stringify({ run: "r2", role: "reader", event: "mounts", at: 2, mounts: 1, previous: 1 }),
      JSON.stringify({ run: "r1", role: "other", event: "mounts", at: 2, mounts: 1, previous: 1 }),
      line("mounts", { at: 2, mounts: 1 }),
      line("mounts", { mounts: 1, previous: 1 }),
      line("toString", { at: 1 }),
    ];
    assert.deepEqual(
      notesOf(parseJournal([line("journal-begin"), ...foreign, line("journal-end")], origin), "mounts"),
      [],
    );
  });

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
        const journal = parseJournal([line("journal-begin"), ...lines], origin);
        assert.equal(journal.complete && !lines.some((one) => one.includes("journal-end")), false);
        assert.equal(parseProgress(lines, "r1").finished, false);
      }),
    );
  });
});

describe("the producer's progress", () => {
  const say = (event: string, fields: object): string =>
    JSON.stringify({ run: "r1", role: "examination-producer", event, ...fields });

  it("names the step and what the producer waits for", () => {
    const lines = [say("step", { name: "delete" }), say("await", { scenario: "delete" })];
    assert.deepEqual(parseProgress(lines, "r1"), {
      step: "delete",
      awaits: "delete",
      finished: false,
    });
  });

  it("is told in words, with how often where that is more than once", () => {
    assert.deepEqual(
      (["matrix", "kill", "hang", "something new"] as const).map((name) => describeStep(name, "full")),
      ["visibility matrix", "killed daemons (30)", "hung daemon", "something new"],
    );
  });

  it("does nothing that is no scenario", () => {
    assert.equal(parseProgress([say("await", { scenario: "kube-system" })], "r1").awaits, undefined);
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

  it("is told with its number where errors differ", () => {
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

  it("is null where nothing was measured", () => {
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
