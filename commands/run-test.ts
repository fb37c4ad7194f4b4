import { exitStatus, parseOutputs } from "../protocol/verdict";
import { describeOutcome } from "../verdict/describe";
import { readStackFile } from "../config/stack-file";
import { newRun } from "../config/run-id";
import { readPulumi, runPulumi } from "./pulumi";
import type { RunOptions } from "./run-options";
import { stackFile } from "./stack-name";

/** The exit statuses by verdict, for the help of the commands that run the test. */
export const VERDICT_STATUSES = "0 SUCCESS, 1 FAILURE, 2 ERROR";

/** Describes what stopped an update, for the end of its output. */
export function describeStop(code: number, problems: readonly string[]): string {
  const why =
    problems.length === 0
      ? ["Its error is above"]
      : ["Errors:", ...problems.map((problem) => `  - ${problem.replaceAll("\n", "\n    ")}`)];
  return [
    `pulumi up failed (exit status ${code}): this run has no verdict`,
    ...why,
    "Fix that, then run: npm run again",
  ].join("\n");
}

/** Selects a stack, and creates it if it does not exist. Only `npm start` does so. */
export async function selectStack(stack: string): Promise<void> {
  await readPulumi(["stack", "select", "--create", stack]);
}

/**
 * Runs the test once more on a stack that exists, as a new run, and prints its verdict as the last line.
 * A verdict that is not this run's is never printed: an update that failed is an ERROR of its own.
 * @param options.refresh true to refresh the state from the cluster first.
 * @param options.options choices for this run in place of the configuration.
 * @returns the exit status that stands for the verdict.
 */
export async function runTest(
  stack: string,
  { refresh = false, options = {} }: { refresh?: boolean; options?: RunOptions } = {},
): Promise<number> {
  const { suite, driver } = readStackFile(stackFile(stack));
  const run = newRun(stack, { chosen: options, configured: { suite, driver } });
  process.stdout.write(`run ${run} on stack ${stack}\n`);
  const {
    code,
    problems,
    outputs: printed = "",
  } = await runPulumi([
    "up",
    "--stack",
    stack,
    "--yes",
    "--skip-preview",
    "--suppress-outputs",
    "--policy-pack",
    "policy",
    ...(refresh ? ["--refresh"] : []),
  ]);
  // Another start of the engine takes a second: it is asked only if it has not reported the outputs already.
  const outputs =
    parseOutputs(printed) ?? parseOutputs(await readPulumi(["stack", "output", "--json", "--stack", stack]));
  // An update that was stopped half-way leaves the outputs that it began with, which name no report.
  if (outputs?.run.id !== run || outputs.report === "") {
    process.stdout.write(`\n${describeStop(code, problems)}\nverdict: ERROR\n`);
    return exitStatus.ERROR;
  }
  process.stdout.write(`\n${describeOutcome(outputs)}\n`);
  return exitStatus[outputs.verdict];
}
