import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { clusterName, readDescriptor } from "../cluster/descriptor";
import { play } from "./support/bench";

const usage = `usage: node --require ts-node/register test/repeat.ts [--times 50] [--load]
Runs the test again and again on the embedded cluster that is up (FUSE_TEST_CLUSTER), with every core loaded if
--load is given. Exit status 0 if every run was a SUCCESS.`;

/** Keeps every core busy until the processes are ended. */
function loadCores(): ChildProcess[] {
  return Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
}

function percentile(sorted: readonly number[], part: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(1);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { times: { type: "string", default: "50" }, load: { type: "boolean", default: false } },
  });
  const times = Number(values.times);
  if (!Number.isInteger(times) || times < 1)
    throw new Error(`--times is ${values.times}: expected a number\n${usage}`);
  const cluster = readDescriptor(clusterName());
  const load = values.load ? loadCores() : [];
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
    `${seconds.length} of ${times} SUCCESS${values.load ? ", every core loaded" : ""}; ` +
      `seconds to the verdict: median ${percentile(seconds, 0.5)}, slowest ${percentile(seconds, 1)}\n`,
  );
  return seconds.length === times ? 0 : 1;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
