import assert from "node:assert/strict";
import { type Played, play } from "../support/bench";
import { testCluster } from "../support/cluster";
import { together } from "../support/edits";
import { judgeObserved, words as wordsOf } from "../support/judgement-in-pods";
import { noteFigure, printFigures } from "../support/figures";
import { brokenRuns } from "../support/scenes-of-causes";

/** FUSE_TEST_ONLY names the runs to play, for a person who looks at one. */
const only = process.env.FUSE_TEST_ONLY?.split(",");
const chosen = brokenRuns.filter(({ name }) => only?.includes(name) ?? true);

describe("causes, read from the words of a cluster that is really broken", function () {
  this.timeout(300_000);
  const played = new Map<string, PromiseSettledResult<Played>>();

  before(async () => {
    const cluster = await testCluster();
    const results = await together(chosen, 5, (run) => play(cluster, run));
    for (const [index, result] of results.entries()) played.set(chosen[index]?.name ?? "", result);
  });

  after(printFigures);

  for (const run of chosen) {
    const { name, title, verdict, cause, words, otherCauses } = run;
    it(`is judged alike by the pods themselves, as far as they run: ${title}`, () => {
      const result = played.get(name);
      if (result?.status !== "fulfilled") throw result?.reason ?? new Error("not played");
      const { pods } = result.value.observation;
      const judged = judgeObserved(result.value.observation);
      const started = Object.values(pods).every(({ report }) => report.events.length > 0);
      const producerReported = ["mounted", "failed", "driver-exited"].some((event) =>
        pods.producer.report.events.some((reported) => reported.event === event),
      );
      // No pod knows what Kubernetes says of one that does not start, or whose container the kernel kills as a whole.
      const allowed = [
        `${verdict} ${cause}`,
        ...(started && producerReported ? [] : ["ERROR timed-out"]),
        ...(started ? [] : [undefined]),
      ];
      assert.ok(allowed.includes(judged && wordsOf(judged)), JSON.stringify(judged));
    });

    it(`says ${cause} where ${title}`, () => {
      const result = played.get(name);
      if (result?.status !== "fulfilled") throw result?.reason ?? new Error("not played");
      const { value } = result;
      noteFigure(title, value, run);
      const about = JSON.stringify([value.verdict, value.observation.messages], null, 1);
      assert.deepEqual([value.verdict.verdict, value.verdict.cause], [verdict, cause], about);
      assert.match(JSON.stringify([value.verdict.summary, value.observation]), words);
      assert.match(value.verdict.summary, new RegExp(`#${cause}$`));
      assert.ok(value.verdict.nextSteps.length > 0);
      if (otherCauses !== undefined) assert.deepEqual(value.verdict.otherCauses, otherCauses);
    });
  }
});
