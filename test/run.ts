import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { choiceArgument, newCommand } from "../tools/command-line/command";
import { abortOnInterrupt } from "../tools/command-line/interrupt";
import { ending, INTERRUPTED, runCommand } from "../tools/command-line/run";
import { clusterDown } from "../tools/cluster";
import { ensureToolchain } from "../tools/setup";
import { InterruptedError, runChild } from "../tools/child.cjs";
import { installPackages, isInstalled } from "../tools/packages.cjs";
import { ensureTestTools } from "./support/module-tools";
import { E2E_CLUSTERS, LANES } from "./support/names";

interface Results {
  readonly passed: number;
  /** One line for each failed test or tool: its title, and the first line of its error. */
  readonly failures: readonly string[];
}

const project = join(__dirname, "..");
const log = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs a program that prints to this process's output. @throws InterruptedError after an interrupt. */
async function run(
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<number> {
  try {
    const env = { ...process.env, ...environment };
    const { status } = await runChild(command, args, {
      cwd: project,
      stdio: ["ignore", "inherit", "inherit"],
      env,
    });
    return status;
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    log(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function bin(name: string): string {
  return join(project, "node_modules", ".bin", name);
}

/** A tool that passes or fails as a whole. */
async function tool(title: string, command: string, args: readonly string[]): Promise<Results> {
  log(`\n== ${title}`);
  const passed = (await run(command, args)) === 0;
  log(`${title}: ${passed ? "passed" : "FAILED"}`);
  return passed ? { passed: 1, failures: [] } : { passed: 0, failures: [title] };
}

/** The versions of Node.js that are supported, as test/runtimes names them. */
const VERSIONS = ["20", "22", "24"] as const;

/** Returns the folder with the program of a version of Node.js; installs all of them if they are not there. */
async function runtime(version: (typeof VERSIONS)[number]): Promise<string> {
  const folder = join(project, "test", "runtimes");
  if (!isInstalled(folder)) await installPackages(folder);
  return join(folder, "node_modules", `node-${version}-${process.arch}`, "bin");
}

/**
 * A folder of mocha tests. A run that ends without its results counts as one failure.
 * @param node folder with the `node` to run them and what they start; this process's own if it is undefined
 */
async function mocha(
  title: string,
  pattern: string,
  options: readonly string[] = [],
  node?: string,
): Promise<Results> {
  log(`\n== ${title}`);
  const program = node === undefined ? process.execPath : join(node, "node");
  const path = node === undefined ? {} : { PATH: `${node}${delimiter}${process.env.PATH ?? ""}` };
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-results-"));
  const file = join(folder, "results.json");
  try {
    const environment = { ...path, FUSE_TEST_RESULTS: file };
    const status = await run(program, [bin("mocha"), ...options, pattern], environment);
    const { passed, failures } = JSON.parse(readFileSync(file, "utf8")) as Results;
    if (failures.length > 0) return { passed, failures: failures.map((failure) => `${title}: ${failure}`) };
    const unexplained = status !== 0 || passed === 0;
    return {
      passed,
      failures: unexplained
        ? [`${title}: mocha exited with status ${status} after ${passed} passed tests`]
        : [],
    };
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { passed: 0, failures: [`${title}: mocha exited without writing its results`] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sum(one: Results, other: Results): Results {
  return { passed: one.passed + other.passed, failures: [...one.failures, ...other.failures] };
}

async function shellFiles(): Promise<string[]> {
  const { stdout } = await runChild("git", ["ls-files", "*.sh", ".ci/run"], { cwd: project });
  return stdout.split("\n").filter((file) => file !== "");
}

const steps: Readonly<Record<string, () => Promise<Results>>> = {
  format: () => tool("format", bin("prettier"), ["--check", "--log-level", "warn", "."]),
  lint: () => tool("lint", bin("eslint"), ["--max-warnings", "0", "."]),
  types: () => tool("types", bin("tsc"), ["--noEmit"]),
  unused: () => tool("unused code", bin("knip"), []),
  shellcheck: async () => tool("shellcheck", "shellcheck", ["-x", ...(await shellFiles())]),
  unit: async () => {
    let results: Results = { passed: 0, failures: [] };
    for (const version of VERSIONS) {
      const node = await runtime(version);
      results = sum(results, await mocha(`unit on Node.js ${version}`, "test/unit/**/*.test.ts", [], node));
    }
    return results;
  },
  coverage: () =>
    tool("coverage of the rules", bin("c8"), [
      ...["--config", "test/coverage/c8.json"],
      ...[bin("mocha"), "--config", "test/coverage/mocha.json"],
    ]),
  policy: () => mocha("policy", "test/policy/**/*.test.ts"),
  e2e: () => mocha("end to end", "test/e2e/**/*.test.ts", ["--parallel", "--jobs", String(LANES)]),
  newest: async () => mocha("end to end on Node.js 24", "test/e2e/main.test.ts", [], await runtime("24")),
};

async function runSteps(wanted: readonly string[]): Promise<number> {
  const names = wanted.length === 0 ? Object.keys(steps) : wanted;
  let total: Results = { passed: 0, failures: [] };
  await ensureToolchain({ log });
  if (names.includes("e2e")) await ensureTestTools(log);
  // From here on an interrupt does not exit before the clusters are removed.
  const interrupted = abortOnInterrupt();
  try {
    for (const name of names) {
      const started = Date.now();
      const results = (await steps[name]?.()) ?? { passed: 0, failures: [`${name}: no such step`] };
      if (interrupted.aborted) break;
      const { passed, failures } = results;
      log(
        `${name}: ${passed} passed, ${failures.length} failed, ${Math.round((Date.now() - started) / 1000)} s`,
      );
      total = sum(total, results);
    }
  } finally {
    for (const name of E2E_CLUSTERS) await clusterDown({ name, log });
  }
  if (interrupted.aborted) return 1;
  const { passed, failures } = total;
  // Listed again at the end, because the output above is long.
  if (failures.length > 0) log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join("\n")}`);
  log(`\n${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

const command = newCommand({
  name: "npm test --",
  summary: "Runs every test, or some steps of it. The last line is `N passed, N failed`.",
  statuses: `0 all passed, 1 something failed, 2 for a mistake in the command line, ${INTERRUPTED}`,
  examples: [
    "npm test                                # everything",
    "npm test -- lint unit                   # some of it",
  ],
})
  .addArgument(choiceArgument("[step...]", "what to run", Object.keys(steps)))
  .action(
    ending(async (names: readonly string[] | undefined) => {
      try {
        return await runSteps(names ?? []);
      } catch (error) {
        if (error instanceof InterruptedError) throw error;
        log(error instanceof Error ? error.message : String(error));
        log("\n0 passed, 1 failed");
        return 1;
      }
    }),
  );

void runCommand(command, { failureStatus: 1, afterInterrupt: "Run it again: npm test" });
