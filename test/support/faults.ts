import assert from "node:assert/strict";
import { parseOutputs, type Verdict } from "../../protocol/verdict";
import { clusterApi } from "./clients";
import { testCluster } from "./cluster";
import { assertNothingLeft } from "./leftovers";
import { E2E_CLUSTER } from "./names";
import { onNode } from "./nodes";
import { type Finished, testStack, type TestStack, type TestStackOptions } from "./stack";
import { until } from "./waiting";

/** Arguments of every up and destroy: without prompts. */
export const UNASKED = ["--yes", "--skip-preview"] as const;

/** All that a command printed. */
export function words({ stdout, stderr }: Finished): string {
  return stdout + stderr;
}

/** A stack on the shared cluster, for faults. */
export async function stackForFaults(options: TestStackOptions = {}): Promise<TestStack> {
  await testCluster();
  return testStack(options);
}

let runs = 0;

/** Configures a run of its own on the quick suite, and gives its id. */
export function newRun(stack: TestStack, settings: Readonly<Record<string, unknown>> = {}): string {
  runs += 1;
  const run = `fault-${runs}`;
  stack.configure({ run, suite: "quick", ...settings });
  return run;
}

/** The verdict that the stack's outputs hold. */
export async function verdictOf(stack: TestStack): Promise<Verdict> {
  const { stdout, stderr } = await stack.pulumi("stack output", "--json");
  const verdict = parseOutputs(stdout);
  assert.ok(verdict, `the stack's outputs hold no verdict: ${stdout}${stderr}`);
  return verdict;
}

/** Asserts that an update finished, and that its verdict is a SUCCESS of the run. */
export async function assertSuccess(stack: TestStack, run: string, up: Finished): Promise<void> {
  assert.equal(up.code, 0, words(up));
  const { verdict, cause, summary, otherCauses, run: shown } = await verdictOf(stack);
  const why = `${cause} (${otherCauses.join(", ")}): ${summary}\n${words(up)}`;
  assert.deepEqual([verdict, shown.id], ["SUCCESS", run], why);
}

/** Brings up a test that is a SUCCESS, as a run of its own. @returns how the command ended, and the run's id. */
export async function deploy(
  stack: TestStack,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Finished & { readonly run: string }> {
  const run = newRun(stack, settings);
  const up = await stack.pulumi("up", ...UNASKED);
  await assertSuccess(stack, run, up);
  return { ...up, run };
}

/** Waits until the Node object of w2 says so. */
export async function untilNode(ready: "True" | "Unknown"): Promise<void> {
  const core = clusterApi();
  await until(`w2 is Ready=${ready}`, 90, async () => {
    const node = await core.readNode({ name: "w2" }).catch(() => undefined);
    return node?.status?.conditions?.find(({ type }) => type === "Ready")?.status === ready;
  });
}

/** Asserts that a cleaning finished and left nothing. Prints the time that it took. */
export async function assertCleaned(fault: string, started: number, finished: Finished): Promise<void> {
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  assert.equal(finished.code, 0, words(finished));
  await assertNothingLeft(E2E_CLUSTER, words(finished));
  process.stdout.write(
    `      ${fault}: clean after ${seconds} s; left: 0 mounts, directories, objects, processes\n`,
  );
}

/**
 * Destroys what a fault has left, and asserts that nothing is left of it. Prints the time to clean.
 * @returns what destroy printed.
 */
export async function destroyCleanly(stack: TestStack, fault: string): Promise<string> {
  const started = Date.now();
  const destroyed = await stack.pulumi("destroy", ...UNASKED);
  await assertCleaned(fault, started, destroyed);
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
  // One that has ended since it was seen needs no signal any more.
  const each =
    'signal=$1; shift; for pid; do kill "-$signal" "$pid" || [ ! -e "/proc/$pid" ] || exit 1; done';
  await onNode("w2", ["sh", "-c", each, "sh", signal, ...pids]);
}

/** Waits until pods of the test have ended, so that the kubelet has nothing more to say of them. */
export function untilEnded(pods: readonly string[]): Promise<void> {
  const api = clusterApi();
  return until(`${pods.join(" and ")} have ended`, 30, async () => {
    const found = await Promise.all(
      pods.map((name) => api.readNamespacedPod({ namespace: "fuse-test", name })),
    );
    return found.every(({ status }) => status?.phase === "Succeeded");
  });
}
