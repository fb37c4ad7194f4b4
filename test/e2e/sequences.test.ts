import { randomInt } from "node:crypto";
import { testCluster } from "../support/cluster";
import { playSequence } from "../support/sequences/play";

const SEQUENCES = 10;
/** As many as a person's time allows are played by test/sequences.ts, and longer ones. */
const MOST_STEPS = 2;

/** Another one every time, so that every run of the tests looks at something new; FUSE_TEST_SEED plays one again. */
function seeds(): number[] {
  const given = process.env.FUSE_TEST_SEED;
  return given === undefined ? Array.from({ length: SEQUENCES }, () => randomInt(2 ** 31)) : [Number(given)];
}

describe("a random sequence of up, rerun, change, kill, pods deleted by hand and destroy", function () {
  this.timeout(600_000);

  before(async () => {
    await testCluster();
  });

  for (const seed of seeds()) {
    it(`leaves nothing after one more destroy (FUSE_TEST_SEED=${seed})`, async () => {
      await playSequence({ seed, mostSteps: MOST_STEPS });
    });
  }
});
