import { parseOutputs } from "../verdict/contract";
import { describeOutcome } from "../verdict/describe";
import { newRun } from "../runs";
import { readPulumi, runPulumi } from "./pulumi";

/** Exit status of a command that ran the test, by verdict. */
export const exitStatus = { SUCCESS: 0, FAILURE: 1, ERROR: 2 } as const;

/** Makes a stack the current one, and creates it where there is none. */
export async function selectStack(stack: string): Promise<void> {
  await readPulumi(["stack", "select", "--create", stack]);
}

/**
 * Runs the test once more on a stack, as a new run, and prints its verdict as the last line.
 * A verdict that is not this run's is never printed: an update that failed is an ERROR of its own.
 * @param options.refresh asks the cluster first what of the state is still there.
 * @returns the exit status that stands for the verdict.
 */
export async function runTest(stack: string, options: { refresh?: boolean } = {}): Promise<number> {
  await selectStack(stack);
  const run = newRun(stack);
  process.stdout.write(`run ${run} on stack ${stack}\n`);
  const code = await runPulumi([
    "up",
    "--stack",
    stack,
    "--yes",
    "--skip-preview",
    "--suppress-outputs",
    "--policy-pack",
    "policy",
    ...(options.refresh === true ? ["--refresh"] : []),
  ]);
  const outputs = parseOutputs(await readPulumi(["stack", "output", "--json", "--stack", stack]));
  if (outputs?.run.id !== run) {
    process.stdout.write(
      `pulumi up failed (exit status ${code}): this run has no verdict. Its words are above\nverdict: ERROR\n`,
    );
    return exitStatus.ERROR;
  }
  process.stdout.write(`\n${describeOutcome(outputs)}\n`);
  return exitStatus[outputs.verdict];
}
