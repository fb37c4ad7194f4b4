import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { choiceArgument, newCommand } from "../command-line/command";
import { ending, runCommand } from "../command-line/run";
import { clusterDown } from "../cluster";
import { ensureToolchain } from "../toolchain";
import { installPackages, isInstalled } from "../toolchain/packages.cjs";
import { ensureTestTools } from "./support/module-tools";
import { E2E_CLUSTERS, LANES } from "./support/names";

interface Counts {
  passed: number;
  failed: number;
}

const project = join(__dirname, "..");
const log = (line: string): void => void process.stdout.write(`${line}\n`);

function run(command: string, args: readonly string[], environment: Record<string, string> = {}): number {
  const { status, error } = spawnSync(command, args, {
    cwd: project,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...environment },
  });
  if (error !== undefined) log(`${command} cannot be started: ${error.message}`);
  return status ?? 1;
}

function bin(name: string): string {
  return join(project, "node_modules", ".bin", name);
}

/** A tool that passes or fails as a whole. */
function tool(title: string, command: string, args: readonly string[]): Counts {
  log(`\n== ${title}`);
  const passed = run(command, args) === 0;
  log(`${title}: ${passed ? "passed" : "FAILED"}`);
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The versions of Node.js that are supported, as test/runtimes names them. */
const VERSIONS = ["20", "22", "24"] as const;

/** Returns the folder with the program of a version of Node.js; installs all of them if they are not there. */
function runtime(version: (typeof VERSIONS)[number]): string {
  const folder = join(project, "test", "runtimes");
  if (!isInstalled(folder)) installPackages(folder);
  return join(folder, "node_modules", `node-${version}-${process.arch}`, "bin");
}

/**
 * A folder of mocha tests. A run that ends without its numbers counts as one failure.
 * @param node folder with the `node` to run them and what they start; this process's own if it is undefined
 */
function mocha(title: string, pattern: string, options: readonly string[] = [], node?: string): Counts {
  log(`\n== ${title}`);
  const program = node === undefined ? process.execPath : join(node, "node");
  const path = node === undefined ? {} : { PATH: `${node}${delimiter}${process.env.PATH ?? ""}` };
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-counts-"));
  const file = join(folder, "counts.json");
  try {
    const status = run(program, [bin("mocha"), ...options, pattern], { ...path, FUSE_TEST_COUNTS: file });
    const counts = JSON.parse(readFileSync(file, "utf8")) as Counts;
    const silent = counts.passed + counts.failed === 0 || (status !== 0 && counts.failed === 0);
    return silent ? { passed: counts.passed, failed: counts.failed + 1 } : counts;
  } catch {
    log(`${title}: mocha ended without a result`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sum(one: Counts, other: Counts): Counts {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed };
}

function shellFiles(): string[] {
  const { stdout } = spawnSync("git", ["ls-files", "*.sh", ".ci/run"], { cwd: project, encoding: "utf8" });
  return stdout.split("\n").filter((file) => file !== "");
}

const steps: Readonly<Record<string, () => Counts>> = {
  format: () => tool("format", bin("prettier"), ["--check", "--log-level", "warn", "."]),
  lint: () => tool("lint", bin("eslint"), ["--max-warnings", "0", "."]),
  types: () => tool("types", bin("tsc"), ["--noEmit"]),
  shellcheck: () => tool("shellcheck", "shellcheck", ["-x", ...shellFiles()]),
  unit: () =>
    VERSIONS.map((version) =>
      mocha(`unit on Node.js ${version}`, "test/unit/**/*.test.ts", [], runtime(version)),
    ).reduce(sum),
  coverage: () =>
    tool("coverage of the rules", bin("c8"), [
      ...["--config", "test/coverage/c8.json"],
      ...[bin("mocha"), "--config", "test/coverage/mocha.json"],
    ]),
  policy: () => mocha("policy", "test/policy/**/*.test.ts"),
  e2e: () => mocha("end to end", "test/e2e/**/*.test.ts", ["--parallel", "--jobs", String(LANES)]),
  newest: () => mocha("end to end on Node.js 24", "test/e2e/main.test.ts", [], runtime("24")),
};

async function runSteps(wanted: readonly string[]): Promise<number> {
  const names = wanted.length === 0 ? Object.keys(steps) : wanted;
  const total: Counts = { passed: 0, failed: 0 };
  try {
    await ensureToolchain({ log });
    if (names.includes("e2e")) await ensureTestTools(log);
    for (const name of names) {
      const started = Date.now();
      const counts = steps[name]?.() ?? { passed: 0, failed: 1 };
      log(
        `${name}: ${counts.passed} passed, ${counts.failed} failed, ${Math.round((Date.now() - started) / 1000)} s`,
      );
      total.passed += counts.passed;
      total.failed += counts.failed;
    }
  } finally {
    for (const name of E2E_CLUSTERS) await clusterDown({ name, log });
  }
  log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

const command = newCommand({
  name: "npm test --",
  summary: "Runs every test, or some steps of it. The last line is `N passed, N failed`.",
  statuses: "0 all passed, 1 something failed, 2 for a mistake in the command line",
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
        log(error instanceof Error ? error.message : String(error));
        log("\n0 passed, 1 failed");
        return 1;
      }
    }),
  );

void runCommand(command, { failureStatus: 1 });
