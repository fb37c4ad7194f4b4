import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { newCommand } from "../tools/command-line/command";
import { abortOnInterrupt } from "../tools/command-line/interrupt";
import { ending, INTERRUPTED, runCommand } from "../tools/command-line/run";
import { junit, type Outcome } from "./junit";
import { openPreviews, type Preview, type Previews } from "./preview";
import { assertTaken, configOf, NOWHERE, VARIATIONS } from "./variations";

const root = join(__dirname, "..");
const JUNIT_FILE = join(root, "reports", "policy.xml");

/** Number of previews that run at the same time. */
const AT_ONCE = 3;

interface Subject {
  readonly name: string;
  readonly stack: string;
  /** With the project's prefix. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly refusedBy?: string | undefined;
}

function configurationIn(file: string): Record<string, unknown> {
  const { config } = parse(readFileSync(join(root, file), "utf8")) as { config?: Record<string, unknown> };
  return config ?? {};
}

function stackFiles(): Subject[] {
  return readdirSync(root).flatMap((file) => {
    const stack = /^Pulumi[.]([^.]+)[.]yaml$/.exec(file)?.[1];
    return stack === undefined ? [] : [{ name: file, stack, config: configurationIn(file) }];
  });
}

function variations(): Subject[] {
  const base = configurationIn("Pulumi.homelab.yaml");
  return VARIATIONS.map(({ name, values, refusedBy }) => {
    const image = { image: String(base["fuse-test:image"]) };
    assertTaken({ ...image, ...values });
    const config: Record<string, unknown> = { ...base };
    for (const [key, value] of Object.entries(configOf(values))) config[`fuse-test:${key}`] = value;
    return { name, stack: "homelab", config, refusedBy };
  });
}

/** Writes the description of an embedded cluster that does not exist, and a kubeconfig that reaches none. */
function nowhere(folder: string): {
  readonly kubeconfig: string;
  readonly environment: Record<string, string>;
} {
  const kubeconfig = join(folder, "kubeconfig");
  const cluster = join(folder, "clusters", "default");
  const image = `fuse-test.local/tools@sha256:${"0".repeat(64)}`;
  mkdirSync(cluster, { recursive: true });
  writeFileSync(kubeconfig, NOWHERE);
  writeFileSync(join(cluster, "cluster.json"), JSON.stringify({ name: "default", kubeconfig, image }));
  return {
    kubeconfig,
    environment: { FUSE_TEST_STATE: folder, FUSE_TEST_CLUSTER: "default", KUBECONFIG: kubeconfig },
  };
}

const embedded = ({ config }: Subject): boolean => config["fuse-test:cluster"] === "embedded";

function problemsOf({ refusedBy }: Subject, { passed, findings, output }: Preview): string[] {
  const mandatory = findings.filter(({ level }) => level === "mandatory");
  if (refusedBy === undefined) {
    const messages = mandatory.map(({ policy, message }) => `${policy}: ${message}`);
    return passed || messages.length > 0 ? messages : [`the preview failed: ${output.trim()}`];
  }
  const refused = !passed && mandatory.some(({ policy }) => policy === refusedBy);
  return refused ? [] : [`${refusedBy} did not refuse it: ${output.trim()}`];
}

async function judge(previews: Previews, subject: Subject, folder: string): Promise<Outcome> {
  const { kubeconfig, environment } = nowhere(folder);
  const config = embedded(subject)
    ? subject.config
    : { ...subject.config, "fuse-test:kubeconfig": kubeconfig };
  const options = { program: root, pack: join(root, "policy"), stack: subject.stack };
  const result = await previews.preview({ ...options, config, environment });
  return {
    name:
      subject.refusedBy === undefined ? subject.name : `${subject.name} is refused by ${subject.refusedBy}`,
    milliseconds: result.milliseconds,
    problems: problemsOf(subject, result),
  };
}

function print({ name, milliseconds, problems }: Outcome): void {
  const verdict = problems.length === 0 ? "ok" : "REFUSED";
  process.stdout.write(`${verdict.padEnd(8)}${name} (${(milliseconds / 1000).toFixed(1)} s)\n`);
  for (const problem of problems) process.stdout.write(`        ${problem.replaceAll("\n", "\n        ")}\n`);
}

async function previewAll(): Promise<number> {
  const signal = abortOnInterrupt();
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-nowhere-"));
  const previews = openPreviews(signal);
  const waiting = [...stackFiles(), ...variations()];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
      const outcome = await judge(previews, subject, folder);
      if (signal.aborted) return;
      print(outcome);
      outcomes.push(outcome);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    previews.remove();
    rmSync(folder, { recursive: true, force: true });
  }
  if (signal.aborted) return 1;
  mkdirSync(join(root, "reports"), { recursive: true });
  writeFileSync(JUNIT_FILE, junit(outcomes));
  const failed = outcomes.filter(({ problems }) => problems.length > 0).length;
  process.stdout.write(`${outcomes.length} previews, ${failed} with a problem; JUnit: ${JUNIT_FILE}\n`);
  return failed === 0 ? 0 : 1;
}

const command = newCommand({
  name: "npm run policy --",
  summary:
    "Previews every stack's file, and variations of them, with the policies and without a cluster. Writes reports/policy.xml.",
  statuses: `0 the policies allow and refuse what they should, 1 they do not, 2 for a mistake in the command line, ${INTERRUPTED}`,
  examples: ["npm run policy                          # needs the engine: npm run setup -- engine"],
}).action(ending(previewAll));

void runCommand(command, { failureStatus: 1, afterInterrupt: "" });
