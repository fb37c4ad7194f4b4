import assert from "node:assert/strict";
import { testCluster } from "./cluster";
import { assertNothingLeft } from "./leftovers";
import { E2E_CLUSTER } from "./names";
import { onNode } from "./nodes";
import { type Finished, testStack, type TestStack } from "./stack";

/** Arguments of every up and destroy: nobody is asked. */
export const UNASKED = ["--yes", "--skip-preview"] as const;

/** All that a command printed. */
export function words({ stdout, stderr }: Finished): string {
  return stdout + stderr;
}

/** A stack on the shared cluster, for faults. */
export async function stackForFaults(): Promise<TestStack> {
  await testCluster();
  return testStack();
}

let runs = 0;

/** Configures a run of its own on the quick suite, and gives its id. */
export function newRun(stack: TestStack, settings: Readonly<Record<string, unknown>> = {}): string {
  runs += 1;
  const run = `fault-${runs}`;
  stack.configure({ run, suite: "quick", ...settings });
  return run;
}

/** Brings up a test that is a SUCCESS. */
export async function deploy(stack: TestStack): Promise<void> {
  newRun(stack);
  const up = await stack.pulumi("up", ...UNASKED);
  assert.equal(up.code, 0, words(up));
  const { stdout } = await stack.pulumi("stack output", "verdict");
  assert.equal(stdout.trim(), "SUCCESS");
}

/**
 * Destroys what a fault has left, and asserts that nothing is left of it. Prints the time to clean.
 * @returns what destroy printed.
 */
export async function destroyCleanly(stack: TestStack, fault: string): Promise<string> {
  const started = Date.now();
  const destroyed = await stack.pulumi("destroy", ...UNASKED);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  assert.equal(destroyed.code, 0, words(destroyed));
  await assertNothingLeft(E2E_CLUSTER);
  process.stdout.write(
    `      ${fault}: clean after ${seconds} s; left: 0 mounts, directories, objects, processes\n`,
  );
  return words(destroyed);
}

/**
 * Sends a signal to every process of w2 whose command line matches: a shell that waits in the background has that of
 * the program.
 */
export async function signalOnNode(signal: "KILL" | "STOP", pattern: RegExp): Promise<void> {
  const processes = (await onNode("w2", ["ps", "-eo", "pid,args"])).split("\n");
  const pids = processes.filter((line) => pattern.test(line)).map((line) => line.trim().split(" ")[0] ?? "");
  assert.notEqual(pids.length, 0, `no process matches ${String(pattern)}`);
  await onNode("w2", ["kill", `-${signal}`, ...pids]);
}
