import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { execa } from "execa";
import { INTERRUPT_SIGNALS } from "../tools/command-line/interrupt";
import { openDisplay } from "./progress/display";
import { parseEngineLine, parseStackOutputs } from "./progress/engine-event";
import { problemText } from "../tools/pulumi/problem";
import { pulumiBinary, pulumiEnvironment } from "../tools/setup/pulumi";
import { asIs } from "../tools/setup/run";

const project = join(__dirname, "..");
const launcher = join(project, "tools", "pulumi", "pulumi.cjs");

/** Time to continue reading after the engine has exited: a plugin that outlives it for a moment keeps its output open. */
const LAST_WORDS_MILLISECONDS = 1000;

/**
 * Resolves with the exit status of the engine. Passes interrupts on to the engine: at the first it finishes its current
 * step and exits, at the second it abandons that step as well.
 */
function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const pass = (signal: NodeJS.Signals): void => {
      if (child.exitCode === null) child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
    };
    for (const signal of INTERRUPT_SIGNALS) process.on(signal, pass);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      for (const one of INTERRUPT_SIGNALS) process.off(one, pass);
      resolve(code ?? (signal === null ? 1 : 128));
    });
  });
}

/** Result of a run of the engine. */
export interface EngineEnd {
  readonly code: number;
  /** Its errors, such as the refusals of policies, each once and in the order in which they came. */
  readonly problems: readonly string[];
  /** The stack's outputs as JSON, if the engine has reported them: an update that was stopped half-way may not have any. */
  readonly outputs?: string;
}

function problemIn(line: string): string | undefined {
  const event = parseEngineLine(line);
  if (event?.kind !== "message" || event.severity !== "error") return undefined;
  const text = problemText(event.text);
  if (text === "") return undefined;
  return event.name === "" ? text : `${event.name}: ${text}`;
}

/**
 * Runs the engine in the project's folder and shows its progress. Resolves with its exit status and its errors. Uses the
 * launcher, which repairs what a killed update has left, and records this one in case it is killed.
 */
export async function runPulumi(args: readonly string[]): Promise<EngineEnd> {
  const problems = new Set<string>();
  let outputs: string | undefined;
  const display = await openDisplay(process.stdout);
  const line = [launcher, ...args, "--json", "--color", "never", "--non-interactive"];
  const child = spawn(process.execPath, line, {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
    // In a group of its own: an interrupt at the terminal would otherwise reach the engine twice, and a second one makes
    // it abandon its update.
    detached: true,
  });
  createInterface({ input: child.stdout, crlfDelay: Infinity }).on("line", (text) => {
    display.line(text);
    const problem = problemIn(text);
    if (problem !== undefined) problems.add(problem);
    outputs = parseStackOutputs(text) ?? outputs;
  });
  createInterface({ input: child.stderr, crlfDelay: Infinity }).on("line", display.words);
  const closed = new Promise((resolve) => child.on("close", resolve));
  let code = 1;
  try {
    code = await exitOf(child);
    await Promise.race([closed, sleep(LAST_WORDS_MILLISECONDS, undefined, { ref: false })]);
  } finally {
    display.end(code === 0);
  }
  return { code, problems: [...problems], ...(outputs === undefined ? {} : { outputs }) };
}

/**
 * Runs the engine.
 * @returns its standard output.
 * @throws Error with the engine's message if it fails.
 */
export async function readPulumi(args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await execa(pulumiBinary(), args, {
    ...{ ...asIs, cwd: project, env: pulumiEnvironment(), stdin: "ignore" },
  });
  if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} failed: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}
