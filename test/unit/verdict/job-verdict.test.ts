import assert from "node:assert/strict";
import { compareWithJob } from "../../../verdict/job-verdict";
import { observed, passing, passingFacts } from "../../support/observations";

const success = { verdict: "SUCCESS", cause: "" } as const;
const failure = { verdict: "FAILURE", cause: "not-propagated" } as const;
const left = { run: "r1", ...success, summary: "it is read", checks: [] };

/** Returns a run of which the consumer has left a message, and whether it was asked to judge. */
function run(message: string, judge: "consumer" | "nobody" = "consumer") {
  const one = passing();
  const facts = passingFacts("consumer");
  const consumer = observed("consumer", [], { ...facts, container: { ...facts.container, left: message } });
  const question = judge === "nobody" ? one.question : { ...one.question, judge };
  return { question, pods: { ...one.pods, consumer } };
}

describe("the comparison of a verdict with the Job's", () => {
  it("says nothing of a run in which no pod judges, whatever the consumer has left", () => {
    assert.equal(compareWithJob(success, run(JSON.stringify(left), "nobody")), undefined);
  });

  it("agrees when verdict and cause are the same", () => {
    assert.equal(compareWithJob(success, run(JSON.stringify(left))), "the Job agrees: SUCCESS");
    assert.equal(
      compareWithJob(failure, run(JSON.stringify({ ...left, ...failure }))),
      "the Job agrees: FAILURE not-propagated",
    );
  });

  it("names both when the verdict or the cause differs, with the Job's own words", () => {
    const summary = "it is not read";
    for (const [own, other, words] of [
      [failure, success, "its verdict is SUCCESS, and this verdict is FAILURE not-propagated"],
      [
        { ...failure, cause: "mount-stale" },
        failure,
        "its verdict is FAILURE not-propagated, and this verdict is FAILURE mount-stale",
      ],
    ] as const)
      assert.equal(
        compareWithJob(own, run(JSON.stringify({ ...left, ...other, summary }))),
        `the Job disagrees: ${words}. The Job's summary: it is not read`,
      );
  });

  it("believes no verdict of another run, and no other text", () => {
    for (const message of ["", "SUCCESS", JSON.stringify({ ...left, run: "r0" })])
      assert.equal(
        compareWithJob(failure, run(message)),
        "the Job has left no verdict on run r1, and this one is FAILURE not-propagated",
      );
  });

  it("hides what looks like a secret in the Job's words", () => {
    const summary = "failed: password=hunter2-hunter2";
    const said = compareWithJob(failure, run(JSON.stringify({ ...left, summary }))) ?? "";
    assert.match(said, /the Job disagrees/);
    assert.doesNotMatch(said, /hunter2/);
  });
});
