import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { testCluster } from "./support/cluster";
import { NotCleanError, playSequence } from "./support/sequences/play";

const usage = `usage: node --require ts-node/register test/sequences.ts [--count 200] [--seed N] [--steps 4] [--minutes N]
Plays random sequences of up, rerun, change, kill, pods deleted by hand and destroy on the cluster of the end-to-end
tests (FUSE_TEST_E2E_CLUSTER), and looks after each whether one more destroy leaves nothing. The seed of a sequence is
the first one's plus its place. Ends after so many sequences or minutes, or when nothing cleans the cluster. Exit status 0 if all held.`;

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  throw new Error(`--${name} is "${text}": expected a whole number from ${least} on\n${usage}`);
}

function options() {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "200" },
      seed: { type: "string", default: String(randomInt(2 ** 31)) },
      steps: { type: "string", default: "4" },
      minutes: { type: "string", default: "600" },
    },
  });
  return {
    count: wholeNumber("count", values.count, 1),
    seed: wholeNumber("seed", values.seed, 0),
    mostSteps: wholeNumber("steps", values.steps, 1),
    minutes: wholeNumber("minutes", values.minutes, 1),
  };
}

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}

async function main(): Promise<number> {
  const { count, seed: first, mostSteps, minutes } = options();
  const started = Date.now();
  await testCluster();
  tell(
    `${count} sequences of at most ${mostSteps} steps from seed ${first} on, for at most ${minutes} minutes`,
  );
  const failed: number[] = [];
  let played = 0;
  while (played < count && Date.now() - started < minutes * 60_000) {
    const seed = first + played;
    const began = Date.now();
    played += 1;
    try {
      const steps = await playSequence({ seed, mostSteps });
      tell(`${played} of ${count}, seed ${seed}: clean after ${seconds(began)} s: ${steps}`);
    } catch (error) {
      failed.push(seed);
      tell(`${played} of ${count}, seed ${seed}: FAILED after ${seconds(began)} s`);
      tell(error instanceof Error ? error.message : String(error));
      if (error instanceof NotCleanError) break;
    }
  }
  tell(
    `${played - failed.length} of ${played} sequences clean, ${seconds(started)} s` +
      (failed.length === 0 ? "" : `; failed: seeds ${failed.join(", ")}`),
  );
  return failed.length === 0 ? 0 : 1;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
