import { randomInt } from "node:crypto";
import { newCommand, wholeNumber } from "../tools/command-line/command";
import { ending, runCommand } from "../tools/command-line/run";
import { testCluster } from "./support/cluster";
import { NotCleanError, playSequence } from "./support/sequences/play";

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}

interface Options {
  readonly count: number;
  readonly seed: number;
  readonly steps: number;
  readonly minutes: number;
}

async function playAll({ count, seed: first, steps: mostSteps, minutes }: Options): Promise<number> {
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

const command = newCommand({
  name: "node --require ts-node/register test/sequences.ts",
  summary:
    "Plays random sequences of up, rerun, change, kill, pods deleted by hand and destroy on the cluster of the end-to-end tests (FUSE_TEST_E2E_CLUSTER), and looks after each whether one more destroy leaves nothing. Ends after so many sequences or minutes, or when nothing cleans the cluster.",
  statuses: "0 all held, 1 one did not, 2 for a mistake in the command line",
  examples: ["node --require ts-node/register test/sequences.ts --count 200 --seed 1"],
})
  .option("--count <number>", "how many", wholeNumber(1), 200)
  .option(
    "--seed <number>",
    "seed of the first; that of another is the first one's plus its place",
    wholeNumber(0),
  )
  .option("--steps <number>", "most steps of one", wholeNumber(1), 4)
  .option("--minutes <number>", "no new one begins after them", wholeNumber(1), 600)
  .action(
    ending(({ seed = randomInt(2 ** 31), ...options }: Partial<Options> & Omit<Options, "seed">) =>
      playAll({ seed, ...options }),
    ),
  );

// A status by process.exit: watches that are being closed must not keep the process alive.
void runCommand(command, { failureStatus: 1 }).then(() => process.exit());
