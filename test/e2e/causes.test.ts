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
    const { name, title, verdict, cause, words, otherCauses, unseenInPods } = run;
    const judged =
      unseenInPods === undefined
        ? "judged alike by the pods themselves"
        : `unseen by the pods, because ${unseenInPods}`;
    it(`is ${judged}: ${title}`, () => {
      const result = played.get(name);
      if (result?.status !== "fulfilled") throw result?.reason ?? new Error("not played");
      const { observation } = result.value;
      const { producer, consumer } = observation.pods;
      // If the kernel kills the whole container for memory, no program is left in it to report that. The container's
      // reason does not tell: containerd says OOMKilled of any container in which a process was killed.
      const ended = producer.report.events.some(
        ({ event }) => event === "failed" || event === "driver-exited",
      );
      const silenced = producer.facts?.container.reason === "OOMKilled" && !ended;
      const expected = unseenInPods === undefined && !silenced ? `${verdict} ${cause}` : "ERROR timed-out";
      const concluded = judgeObserved(observation);
      // The verdict command may have concluded before the consumer has begun.
      const begun = consumer.report.events.length > 0;
      assert.equal(concluded && wordsOf(concluded), begun ? expected : undefined, JSON.stringify(concluded));
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
