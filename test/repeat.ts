import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { newCommand, wholeNumber } from "../tools/command-line/command";
import { ending, runCommand } from "../tools/command-line/run";
import { clusterName, readDescriptor } from "../tools/cluster/descriptor";
import { play } from "./support/bench";

/** Keeps every core busy until the processes are ended. */
function loadCores(): ChildProcess[] {
  return Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
}

function percentile(sorted: readonly number[], part: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(1);
}

interface Options {
  readonly times: number;
  readonly load: boolean;
}

async function repeat({ times, load: loaded }: Options): Promise<number> {
  const cluster = readDescriptor(clusterName());
  const load = loaded ? loadCores() : [];
  const seconds: number[] = [];
  try {
    for (let run = 1; run <= times; run++) {
      const played = await play(cluster, { name: `repeat-${run}`, settings: { timeoutSeconds: 120 } });
      const { verdict, summary } = played.verdict;
      if (verdict === "SUCCESS") seconds.push(played.seconds);
      else process.stdout.write(`run ${run}: ${verdict}: ${summary}\n`);
    }
  } finally {
    for (const child of load) child.kill("SIGKILL");
  }
  seconds.sort((a, b) => a - b);
  process.stdout.write(
    `${seconds.length} of ${times} SUCCESS${loaded ? ", every core loaded" : ""}; ` +
      `seconds to the verdict: median ${percentile(seconds, 0.5)}, slowest ${percentile(seconds, 1)}\n`,
  );
  return seconds.length === times ? 0 : 1;
}

const command = newCommand({
  name: "node --require ts-node/register test/repeat.ts",
  summary: "Runs the test again and again on the embedded cluster that is up (FUSE_TEST_CLUSTER).",
  statuses: "0 every run was a SUCCESS, 1 one was not, 2 for a mistake in the command line",
  examples: ["node --require ts-node/register test/repeat.ts --times 200 --load"],
})
  .option("--times <number>", "how often", wholeNumber(1), 50)
  .option("--load", "with every core kept busy", false)
  .action(ending(repeat));

// A status by process.exit: watches that are being closed must not keep the process alive.
void runCommand(command, { failureStatus: 1 }).then(() => process.exit());
