import { spawn, type ChildProcessByStdio } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";

/** What a finished program left. */
export interface CommandResult {
  /** Exit code; 128 + 9 if it was killed, as a shell says it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly argv: readonly string[];
  readonly timeoutMilliseconds?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** A file that the program reads as its standard input; without it that is empty. */
  readonly inputFile?: string;
}

const LIMIT = 10_000;

/**
 * Runs a program to its end.
 * @throws Error in one line if it cannot be started or passes its deadline (10 s unless told); then it is killed.
 */
export async function runCommand(options: CommandOptions): Promise<CommandResult> {
  const [program, ...rest] = options.argv;
  if (program === undefined) throw new Error("runCommand needs a program to run");
  const limit = options.timeoutMilliseconds ?? LIMIT;
  const input = options.inputFile === undefined ? undefined : openSync(options.inputFile, "r");
  return await new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      stdio: [input ?? "ignore", "pipe", "pipe"],
      env: options.env ?? process.env,
    }) as ChildProcessByStdio<null, Readable, Readable>;
    if (input !== undefined) closeSync(input);
    const output = { stdout: "", stderr: "" };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      child.stdout.destroy();
      child.stderr.destroy();
      reject(new Error(`${options.argv.join(" ")} did not end within ${limit} ms and was killed`));
    }, limit);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    child.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const reason = error.code === "ENOENT" ? "it is not installed" : error.message;
      reject(new Error(`${program} cannot be run: ${reason}`));
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 137, ...output });
    });
  });
}

/**
 * Runs a program that has to succeed.
 * @returns what it printed
 * @throws Error in one line, with what it said last, if it failed
 */
export async function mustRun(options: CommandOptions): Promise<string> {
  const result = await runCommand(options);
  if (result.code === 0) return result.stdout;
  const said = (result.stderr.trim() || result.stdout.trim()).split("\n").at(-1) ?? "";
  throw new Error(`${options.argv.join(" ")} failed (exit code ${result.code}): ${said}`);
}
