import assert from "node:assert/strict";
import type { Check } from "../../../protocol/verdict";
import { describeOutcome, describeVerdict } from "../../../verdict/describe";
import { aVerdict } from "../../support/verdicts";

const aCheck = (name: string, passed: Check["passed"]): Check => ({
  ...{ name, passed, expected: "as written", observed: `what ${name} saw`, milliseconds: 12 },
});
const verdict = aVerdict({
  ...{ verdict: "FAILURE", cause: "not-propagated", summary: "It is not seen", nextSteps: ["Do this"] },
  ...{ otherCauses: ["root-not-shared"], report: "reports/r1" },
  checks: [
    aCheck("nonce", true),
    aCheck("symlink", "not-applicable"),
    aCheck("matrix/a", true),
    aCheck("matrix/b", false),
    aCheck("recovery/kill", true),
  ],
});

describe("a verdict in a terminal", () => {
  it("counts the checks of each kind, shows those that did not pass, and ends with the verdict alone", () => {
    assert.deepEqual(describeOutcome(verdict).split("\n"), [
      "  2 checks: 1 passed, 1 not applicable",
      "  2 cells of the matrix: 1 passed, 1 FAILED",
      "  1 ways to lose the mount: 1 passed",
      "  symlink                not applicable      12 ms  what symlink saw",
      "  matrix/b               FAILED              12 ms  what matrix/b saw",
      "",
      "It is not seen",
      "Also seen: root-not-shared",
      "  - Do this",
      "report: reports/r1",
      "cause: not-propagated",
      "verdict: FAILURE",
    ]);
  });

  it("has every check if no user saw them go by", () => {
    const lines = describeVerdict(verdict).split("\n");
    assert.equal(lines[0], "  nonce                  passed              12 ms  what nonce saw");
    assert.equal(lines.length, 5 + 6);
    assert.equal(lines.at(-1), "verdict: FAILURE (not-propagated)");
  });

  it("names no cause and no check if there is none", () => {
    const text = describeOutcome(aVerdict({ checks: [], nextSteps: [], summary: "Good", report: "r" }));
    assert.equal(text, "Good\nreport: r\nverdict: SUCCESS");
  });
});
