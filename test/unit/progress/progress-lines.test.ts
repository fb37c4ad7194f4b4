import assert from "node:assert/strict";
import fc from "fast-check";
import type { Check } from "../../../protocol/verdict";
import {
  formatProgressLine,
  newlyDecided,
  parseProgressLine,
  type ProgressLine,
} from "../../../protocol/progress";

const words = fc
  .string({ unit: "grapheme-ascii", minLength: 1 })
  .map((text) => text.trim().replace(/\s+/g, " "));
const anyLine: fc.Arbitrary<ProgressLine> = fc.oneof(
  fc.record({ kind: fc.constant("waiting" as const), what: words }),
  fc.record({
    kind: fc.constant("step" as const),
    of: fc.constantFrom("examination" as const, "cleanup" as const),
    what: words,
  }),
  fc.record({
    kind: fc.constant("check" as const),
    check: fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9/-]{0,30}$/),
      passed: fc.constantFrom(true, false, "not-applicable" as const),
      milliseconds: fc.nat({ max: 1_000_000 }),
      observed: words,
    }),
  }),
);

const aCheck = (name: string, passed: Check["passed"]): Check => ({
  ...{ name, passed, expected: "", observed: "", milliseconds: 1 },
});

describe("a line of progress", () => {
  it("says the same when it is read as when it was written", () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        assert.deepEqual(parseProgressLine(formatProgressLine(line)), JSON.parse(JSON.stringify(line)));
      }),
    );
  });

  it("is one line, whatever a pod had printed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (observed) => {
        const line = formatProgressLine({ kind: "check", check: { ...aCheck("nonce", true), observed } });
        assert.equal(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line), false);
        assert.equal(parseProgressLine(line)?.kind, "check");
      }),
    );
  });

  it("is read for a person in plain words", () => {
    assert.equal(
      formatProgressLine({ kind: "check", check: { ...aCheck("nonce", false), observed: "another\nnonce" } }),
      "check nonce FAILED after 1 ms: another nonce",
    );
  });

  for (const line of [
    "",
    "check",
    "check nonce passed",
    "check nonce maybe after 1 ms: x",
    "examination",
    "x waiting for y",
  ]) {
    it(`is none in "${line}"`, () => {
      assert.equal(parseProgressLine(line), undefined);
    });
  }
});

describe("the checks that were decided", () => {
  it("are reported once, and again only if they are then decided otherwise", () => {
    const known = new Map<string, Check["passed"]>();
    const names = (checks: readonly Check[]): string[] => newlyDecided(known, checks).map(({ name }) => name);
    assert.deepEqual(names([aCheck("a", true)]), ["a"]);
    assert.deepEqual(names([aCheck("a", true), aCheck("b", false)]), ["b"]);
    assert.deepEqual(names([aCheck("a", false), aCheck("b", false)]), ["a"]);
    assert.deepEqual(names([aCheck("a", false)]), []);
  });
});
