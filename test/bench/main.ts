import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { format, resolveConfig } from "prettier";
import { newCommand, wholeNumber } from "../../tools/command-line/command";
import { abortOnInterrupt } from "../../tools/command-line/interrupt";
import { ending, INTERRUPTED, runCommand } from "../../tools/command-line/run";
import { UserError } from "../../tools/command-line/user-error";
import { clusterDown, clusterUp } from "../../tools/cluster";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { ensureToolchain } from "../../tools/setup";
import { E2E_CLUSTER } from "../support/names";
import { measureAdmission } from "./admission";
import { benchGitops } from "./gitops";
import { kubectlOf } from "./kubectl";
import { measureRound } from "./measure-rows";
import { measurePhases, type TimedLine } from "./phases";
import { renderPlot } from "./plot";
import { measureIdleCluster, measureUsage } from "./resources";
import { listSlower, parseResults, renderResults, type Results } from "./results";
import { ROWS, type RowName } from "./rows";
import { measureSpread } from "./scaling";
import { makeUserCheckout, type UserCheckout } from "./user-checkout";

const project = join(__dirname, "..", "..");
const log = (line: string): void => void process.stdout.write(`${line}\n`);

/** Number of requests of each kind: one takes milliseconds. */
const ADMISSIONS = 200;

/** Duration of the observation of the idle cluster, in seconds. */
const IDLE_SECONDS = 20;

/** Numbers of consumers, with one mount, and of mounts, with one consumer. */
const CONSUMERS = [1, 5, 20, 50];
const MOUNTS = [10, 100];

interface Options {
  readonly rounds: number;
  readonly guard: boolean;
  readonly suites: boolean;
  readonly starts: boolean;
  readonly figures: boolean;
  readonly gitops: boolean;
  readonly check: boolean;
  readonly save: boolean;
}

/** Folder of the results of a run without `--save`. */
const OUTPUT = join(project, "bench-results");

/** The committed results, by whether the guard is deployed. */
function baselineFile(guard: boolean): string {
  return join(__dirname, "baseline", `guard-${guard ? "on" : "off"}.json`);
}

/** Reads the committed results. @throws UserError if there are none, or they are no results. */
function readBaseline(guard: boolean): Results {
  const file = baselineFile(guard);
  try {
    return parseResults(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(
      `${file} cannot be compared with: ${error instanceof Error ? error.message : String(error)}. Measure it: npm run bench -- --save`,
    );
  }
}

/** Runs an update and notes when the engine printed each line. @throws Error if it fails. */
function timedUpdate(user: UserCheckout): Promise<Record<string, number>> {
  const start = performance.now();
  const words = ["up", "--yes", "--skip-preview", "--policy-pack", "policy", "--stack", "local"];
  const child = spawn(
    join(user.folder, "node_modules", ".bin", "pulumi"),
    [...words, "--non-interactive", "--json"],
    { cwd: user.folder, env: user.environment, stdio: ["ignore", "pipe", "ignore"] },
  );
  const lines: TimedLine[] = [];
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push({ at: performance.now() - start, text });
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => {
      if (code === 0) resolve(measurePhases(lines, performance.now() - start));
      else reject(new Error(`pulumi up failed (exit status ${code ?? "none"})`));
    });
  });
}

/** Adds the values of a measurement to those of the ones before. */
function collect(all: Record<string, number[]>, values: Readonly<Record<string, number>>): void {
  for (const [title, value] of Object.entries(values)) (all[title] ??= []).push(value);
}

/** Measures where the time of an update goes: phases by the engine's events, milestones by the pods' own clocks. */
async function measureUpdates(user: UserCheckout, rounds: number): Promise<Results["phases"]> {
  const phases: Record<string, number[]> = {};
  for (let round = 1; round <= rounds; round += 1) {
    user.configure({ suite: "quick", run: `phases-${round}` });
    collect(phases, await timedUpdate(user));
    const { timings } = await user.requireSuccess();
    const { created, producerMounted, consumerSaw, verdict } = timings;
    if (created !== null && producerMounted !== null && consumerSaw !== null) {
      collect(phases, {
        "pods made until mounted": (producerMounted - created) / 1000,
        "mounted until seen by the consumer": (consumerSaw - producerMounted) / 1000,
        "seen until the verdict": (verdict - consumerSaw) / 1000,
      });
    }
    await user.pulumi("destroy", "--yes", "--skip-preview");
  }
  return phases;
}

/** Measures what is not a command's duration. */
async function measureFigures(
  cluster: ClusterDescriptor,
  user: UserCheckout,
  check: () => void,
): Promise<Results["figures"]> {
  const figures: Results["figures"] = {};
  const add = (title: string, unit: string, ...values: readonly number[]): void => {
    const figure = (figures[title] ??= { unit, values: [] });
    figure.values.push(...values);
  };
  const idle = await measureIdleCluster(cluster.name, IDLE_SECONDS);
  add("idle cluster, memory", "MiB", idle.memory);
  add("idle cluster, processor", "cores", idle.processor);
  check();
  user.configure({ suite: "quick", run: "usage" });
  const usage = await measureUsage((through) =>
    user.pulumiThrough(through, "up", "--yes", "--skip-preview", "--policy-pack", "policy"),
  );
  await user.requireSuccess();
  await user.pulumi("destroy", "--yes", "--skip-preview");
  add("up with the pack, most memory", "MiB", usage.memory);
  add("up with the pack, processor", "s", usage.processor);
  for (const size of [
    ...CONSUMERS.map((consumers) => ({ consumers, mounts: 1 })),
    ...MOUNTS.map((mounts) => ({ consumers: 1, mounts })),
  ]) {
    check();
    const { mounted, seen } = await measureSpread(cluster, size);
    const title = `${size.mounts} mount${size.mounts === 1 ? "" : "s"}, ${size.consumers} consumer${size.consumers === 1 ? "" : "s"}`;
    add(`${title}: made in`, "s", mounted);
    add(`${title}: seen after`, "s", ...seen);
    log(`${title}: done`);
  }
  // Last: for a moment after its removal the guard refuses the pods of the other measurements.
  for (const { title, milliseconds } of await measureAdmission(cluster.kubeconfig, ADMISSIONS))
    add(title, "ms", ...milliseconds);
  return figures;
}

/**
 * Measures on an embedded cluster of its own, which it removes.
 * @param keep called with the results that there are, before the figures are measured: an error there loses nothing.
 */
async function measureAll(
  options: Options,
  interrupted: AbortSignal,
  keep: (results: Results) => Promise<void>,
): Promise<Results> {
  const { rounds, guard, suites, starts } = options;
  const check = (): void => {
    interrupted.throwIfAborted();
  };
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-bench-"));
  try {
    const cluster = await clusterUp({ name: E2E_CLUSTER, log });
    const user = await makeUserCheckout({ cluster: E2E_CLUSTER, folder });
    user.configure({ suite: "quick", guard });
    await user.pulumi("stack", "init");
    const kubectl = kubectlOf(cluster, folder);
    const seconds: Partial<Record<RowName, number[]>> = {};
    const note = (row: RowName, taken: number): void => void (seconds[row] ??= []).push(taken);
    const stopCluster = (): Promise<void> => clusterDown({ name: E2E_CLUSTER, log });
    for (let round = 1; round <= rounds; round += 1) {
      await measureRound({ kubectl, user, guard, stopCluster, note, check }, { round, suites, starts });
      log(`round ${round} of ${rounds} is done; load ${(loadavg()[0] ?? NaN).toFixed(1)}`);
    }
    check();
    const phases = await measureUpdates(user, Math.min(rounds, 5));
    const results: Results = {
      date: new Date().toISOString(),
      machine: {
        cores: cpus().length,
        kernel: release(),
        node: process.versions.node,
        load: loadavg()[0] ?? NaN,
      },
      ...{ guard, seconds, phases, figures: {} },
    };
    if (!options.figures) return results;
    await keep(results);
    return { ...results, figures: await measureFigures(cluster, user, check) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await clusterDown({ name: E2E_CLUSTER, log });
  }
}

/** Writes results and their plot beside each other, formatted like every committed file. */
async function writeResults(file: string, results: Results): Promise<void> {
  writeFileSync(
    file,
    await format(JSON.stringify(results), { ...(await resolveConfig(file)), filepath: file }),
  );
  writeFileSync(file.replace(/\.json$/, ".svg"), `${renderPlot(results)}\n`);
}

async function bench(options: Options): Promise<number> {
  const baseline = options.check ? readBaseline(options.guard) : undefined;
  await ensureToolchain({ log });
  // From here on an interrupt does not exit before the cluster and the stack are removed.
  const file = options.save ? baselineFile(options.guard) : join(OUTPUT, "results.json");
  mkdirSync(dirname(file), { recursive: true });
  const results = await measureAll(options, abortOnInterrupt(), (kept) => writeResults(file, kept));
  await writeResults(file, results);
  log(`\n${renderResults(results)}\nresults: ${file}, with a plot beside it`);
  if (baseline === undefined) return 0;
  const slower = listSlower(baseline, results);
  log(
    slower.length === 0
      ? "\nnothing got slower beyond noise"
      : `\nslower than the baseline:\n${slower.map((line) => `  ${line}`).join("\n")}`,
  );
  return slower.length === 0 ? 0 : 1;
}

const command = newCommand({
  name: "npm run bench --",
  summary:
    "Measures the test against the same objects through kubectl, in interleaved rounds on an embedded cluster of its own, which it removes. Writes bench-results/results.json and a plot.",
  statuses: `0 measured, 1 something failed or got slower, 2 for a mistake in the command line, ${INTERRUPTED}`,
  examples: [
    "npm run bench                           # 5 rounds",
    "npm run bench -- --suites --starts      # with the suites standard and full, and npm start",
    "npm run bench -- --rounds 20 --gitops   # what Flux needs",
    "npm run bench -- --rounds 15 --check    # compared with test/bench/baseline",
  ],
})
  .option("--rounds <number>", "how often each row is measured", wholeNumber(1), 5)
  .option("--guard", "let the stack deploy the guard", false)
  .option("--suites", `measure also: ${ROWS.standard.title}; ${ROWS.full.title}`, false)
  .option("--starts", "measure also: npm start with the cluster up, and down", false)
  .option("--figures", "measure also memory, processor time, admission, many consumers and mounts", false)
  .option("--gitops", "measure Flux instead: from a commit to the verdict, and to the clean node", false)
  .option("--check", "compare with the committed results, and fail if a row got slower beyond noise", false)
  .option("--save", "replace the committed results", false)
  .action(ending((options: Options) => (options.gitops ? benchGitops(options.rounds, log) : bench(options))));

void runCommand(command, { failureStatus: 1, afterInterrupt: "Run it again: npm run bench" });
