import { spawnSync } from "node:child_process";
import { loadavg } from "node:os";
import { join } from "node:path";
import { newCommand, wholeNumber } from "../command-line/command";
import { ending, runCommand } from "../command-line/run";
import { clusterDown, clusterUp } from "../cluster";
import { readSettings } from "../config";
import { programsManifest } from "../manifests/configmap";
import { consumerManifest } from "../manifests/consumer";
import { namespaceManifest, networkPolicyManifest, quotaManifest } from "../manifests/namespace";
import { producerManifest } from "../manifests/producer";
import { testStack, type TestStack } from "../test/support/stack";
import { E2E_CLUSTER } from "../test/support/names";
import { ensureToolchain } from "../toolchain";
import { kubernetesBin } from "../toolchain/paths";
import { measureAdmission } from "./admission";
import { differences, ratios, summarise } from "./figures";

const log = (line: string): void => void process.stdout.write(`${line}\n`);

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The same objects through kubectl, without Pulumi and without a verdict: what the test is measured against. */
function withKubectl(cluster: { kubeconfig: string; image: string }) {
  const kubectl = (args: readonly string[], input?: string): void => {
    const { status, stderr } = spawnSync(
      join(kubernetesBin(), "kubectl"),
      ["--kubeconfig", cluster.kubeconfig, ...args],
      { input, encoding: "utf8", timeout: 120_000 },
    );
    if (status !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
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
    apply: () => {
      kubectl(
        ["apply", "--server-side", "--filename", "-"],
        JSON.stringify({ apiVersion: "v1", kind: "List", items }),
      );
      kubectl([
        ...inNamespace,
        "wait",
        "pod/fuse-consumer",
        "--for=jsonpath={.status.phase}=Succeeded",
        "--timeout=60s",
      ]);
    },
    remove: () => {
      kubectl(["delete", "namespace", pods.namespace]);
    },
  };
}

/** Runs the test. @throws Error if it is no SUCCESS: an update that ended early would be a good figure. */
async function up(stack: TestStack): Promise<void> {
  const { verdict, summary } = await stack.up();
  if (verdict !== "SUCCESS") throw new Error(`the verdict is ${verdict}: ${summary}`);
}

/** Runs the engine. @throws Error if it fails, for the same reason. */
async function pulumi(stack: TestStack, verb: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await stack.pulumi(verb, ...args);
  if (code !== 0) throw new Error(`pulumi ${verb}: exit status ${code ?? "none"}\n${stdout}${stderr}`);
}

/** How many processes wanted a core in the last minute, of how busy a machine the figures are. */
function load(): string {
  return (loadavg()[0] ?? NaN).toFixed(1);
}

/** How often a request is made of each kind: one takes milliseconds. */
const ADMISSIONS = 200;

async function bench(rounds: number): Promise<number> {
  await ensureToolchain({ log });
  const cluster = await clusterUp({ name: E2E_CLUSTER, log });
  const times = {
    judged: [] as number[],
    unjudged: [] as number[],
    up: [] as number[],
    apply: [] as number[],
    destroy: [] as number[],
    remove: [] as number[],
  };
  try {
    const stack = await testStack();
    const other = withKubectl(cluster);
    for (let round = 1; round <= rounds; round += 1) {
      stack.configure({ run: `bench-${round}`, suite: "quick" });
      times.unjudged.push(await seconds(() => pulumi(stack, "preview")));
      times.judged.push(await seconds(() => pulumi(stack, "preview", "--policy-pack", "policy")));
      times.up.push(await seconds(() => up(stack)));
      times.destroy.push(await seconds(() => pulumi(stack, "destroy", "--yes", "--skip-preview")));
      times.apply.push(await seconds(other.apply));
      times.remove.push(await seconds(other.remove));
      log(`round ${round} of ${rounds} is done; load ${load()}`);
    }
    await stack.remove();
    log("measuring what the guard adds to a request");
    for (const line of await measureAdmission(cluster.kubeconfig, ADMISSIONS)) log(line);
  } finally {
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
  statuses: "0 measured, 1 something failed, 2 for a mistake in the command line",
  examples: ["npm run bench                           # 5 rounds", "npm run bench -- --rounds 20"],
})
  .option("--rounds <number>", "how often each is measured", wholeNumber(1), 5)
  .action(ending(({ rounds }: { rounds: number }) => bench(rounds)));

void runCommand(command, { failureStatus: 1 });
