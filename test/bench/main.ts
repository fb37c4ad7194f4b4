import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { newCommand, wholeNumber } from "../../tools/command-line/command";
import { abortOnInterrupt } from "../../tools/command-line/interrupt";
import { ending, INTERRUPTED, runCommand } from "../../tools/command-line/run";
import { clusterDown, clusterUp } from "../../tools/cluster";
import { readSettings } from "../../config/settings";
import { programsManifest } from "../../manifests/configmap";
import { consumerManifest } from "../../manifests/consumer";
import { namespaceManifest, networkPolicyManifest, quotaManifest } from "../../manifests/namespace";
import { producerManifest } from "../../manifests/producer";
import type { Finished } from "../support/engine";
import { testStack, type TestStack } from "../support/stack";
import { E2E_CLUSTER } from "../support/names";
import { ensureToolchain } from "../../tools/setup";
import { onInterrupt, runChild } from "../../tools/child.cjs";
import { kubernetesBin } from "../../tools/setup/paths";
import { parseOutputs } from "../../protocol/verdict";
import { measureAdmission } from "./admission";
import { differences, ratios, summarise } from "./figures";

const log = (line: string): void => void process.stdout.write(`${line}\n`);

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The same objects through kubectl, without Pulumi and without a verdict: what the test is measured against. */
function withKubectl(cluster: { kubeconfig: string; image: string }, folder: string) {
  const kubectl = async (args: readonly string[], input?: object): Promise<void> => {
    const file = join(folder, "objects.json");
    if (input !== undefined) writeFileSync(file, JSON.stringify(input));
    const from = input === undefined ? [] : ["--filename", file];
    const line = ["--kubeconfig", cluster.kubeconfig, ...args, ...from];
    const { status, stderr } = await runChild(join(kubernetesBin(), "kubectl"), line, {
      timeoutMilliseconds: 120_000,
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0)
      throw new Error(`kubectl ${args.join(" ")} failed (status ${status}): ${stderr.trim()}`);
  };
  const settings = readSettings({ cluster: "embedded", run: "bench", suite: "quick" });
  const pods = { ...settings, image: cluster.image, imagePullPolicy: "Never" as const };
  const items = [
    namespaceManifest(pods.namespace, "bench"),
    quotaManifest(pods.namespace),
    networkPolicyManifest(pods.namespace),
    programsManifest(pods.namespace, "bench"),
    producerManifest(pods),
    consumerManifest(pods, { role: "consumer", mountPropagation: "HostToContainer" }),
    consumerManifest(pods, { role: "control", mountPropagation: "None" }),
  ];
  const inNamespace = ["--namespace", pods.namespace];
  return {
    apply: async () => {
      await kubectl(["apply", "--server-side"], { apiVersion: "v1", kind: "List", items });
      await kubectl([
        ...inNamespace,
        "wait",
        "pod/fuse-consumer",
        "--for=jsonpath={.status.phase}=Succeeded",
        "--timeout=60s",
      ]);
    },
    remove: () => kubectl(["delete", "namespace", pods.namespace]),
  };
}

/**
 * Runs the engine, which gets the interrupts of this process: at the first it finishes its step, at the second it is
 * killed.
 * @throws Error if it fails: an update that ended early would be a good figure.
 */
async function pulumi(stack: TestStack, verb: string, ...args: readonly string[]): Promise<Finished> {
  const running = stack.start(verb, ...args);
  let interrupts = 0;
  const release = onInterrupt(() => {
    running.signal(interrupts === 0 ? "SIGINT" : "SIGKILL");
    interrupts += 1;
  });
  try {
    const finished = await running.ended;
    if (finished.code === 0) return finished;
    const { code, stdout, stderr } = finished;
    throw new Error(`pulumi ${verb} failed (exit status ${code ?? "none"}):\n${stdout}${stderr}`);
  } finally {
    release();
  }
}

/** Runs the test. @throws Error if it is no SUCCESS, for the same reason. */
async function up(stack: TestStack): Promise<void> {
  await pulumi(stack, "up", "--yes", "--skip-preview", "--policy-pack", "policy");
  const outputs = parseOutputs((await pulumi(stack, "stack output", "--json")).stdout);
  if (outputs?.verdict === "SUCCESS") return;
  throw new Error(`the verdict is ${outputs?.verdict ?? "missing"}: ${outputs?.summary ?? "no outputs"}`);
}

/** Number of processes wanted a core in the last minute, of how busy a machine the figures are. */
function load(): string {
  return (loadavg()[0] ?? NaN).toFixed(1);
}

/** Frequency at which a request is made of each kind: one takes milliseconds. */
const ADMISSIONS = 200;

async function bench(rounds: number): Promise<number> {
  await ensureToolchain({ log });
  // From here on an interrupt does not exit before the cluster and the stack are removed.
  const interrupted = abortOnInterrupt();
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-bench-"));
  const times = {
    judged: [] as number[],
    unjudged: [] as number[],
    up: [] as number[],
    apply: [] as number[],
    destroy: [] as number[],
    remove: [] as number[],
  };
  const measure = async (figures: number[], work: () => unknown): Promise<void> => {
    interrupted.throwIfAborted();
    figures.push(await seconds(work));
  };
  try {
    const cluster = await clusterUp({ name: E2E_CLUSTER, log });
    const stack = await testStack({ folder });
    const other = withKubectl(cluster, folder);
    for (let round = 1; round <= rounds; round += 1) {
      stack.configure({ run: `bench-${round}`, suite: "quick" });
      await measure(times.unjudged, () => pulumi(stack, "preview"));
      await measure(times.judged, () => pulumi(stack, "preview", "--policy-pack", "policy"));
      await measure(times.up, () => up(stack));
      await measure(times.destroy, () => pulumi(stack, "destroy", "--yes", "--skip-preview"));
      await measure(times.apply, other.apply);
      await measure(times.remove, other.remove);
      log(`round ${round} of ${rounds} is done; load ${load()}`);
    }
    await stack.remove();
    log("measuring what the guard adds to a request");
    for (const line of await measureAdmission(cluster.kubeconfig, ADMISSIONS)) log(line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await clusterDown({ name: E2E_CLUSTER, log });
  }
  log(`\nseconds: median (least to most) of ${rounds} interleaved rounds, suite quick`);
  log(`preview with the pack     ${summarise(times.judged)}`);
  log(`preview without           ${summarise(times.unjudged)}`);
  log(`with minus without        ${summarise(differences(times.judged, times.unjudged))}`);
  log(`pulumi up                 ${summarise(times.up)}`);
  log(`kubectl apply, wait       ${summarise(times.apply)}`);
  log(`pulumi destroy            ${summarise(times.destroy)}`);
  log(`kubectl delete namespace  ${summarise(times.remove)}`);
  log(`destroy / delete          ${summarise(ratios(times.destroy, times.remove))}`);
  return 0;
}

const command = newCommand({
  name: "npm run bench --",
  summary:
    "Measures the test against the same objects through kubectl, on an embedded cluster of its own, which it removes.",
  statuses: `0 measured, 1 something failed, 2 for a mistake in the command line, ${INTERRUPTED}`,
  examples: ["npm run bench                           # 5 rounds", "npm run bench -- --rounds 20"],
})
  .option("--rounds <number>", "how often each is measured", wholeNumber(1), 5)
  .action(ending(({ rounds }: { rounds: number }) => bench(rounds)));

void runCommand(command, { failureStatus: 1, afterInterrupt: "Run it again: npm run bench" });
