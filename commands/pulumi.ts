import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { pulumiBinary, pulumiEnvironment } from "../toolchain/pulumi";

const project = join(__dirname, "..");

const launcher = join(project, "toolchain", "launcher", "pulumi.cjs");

/**
 * Runs the engine in the project's folder, for a person to watch. Resolves with its exit status. It goes through the
 * launcher, which mends what an earlier update that was killed has left, and knows of this one if it is killed.
 */
export function runPulumi(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [launcher, ...args], { cwd: project, stdio: "inherit" });
    // An interrupt at the terminal reaches the engine by itself; it ends what it does and then exits.
    const ignore = (): void => undefined;
    const pass = (): void => void child.kill("SIGTERM");
    process.on("SIGINT", ignore).on("SIGTERM", pass);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore).off("SIGTERM", pass);
      resolve(code ?? (signal === null ? 1 : 128));
    });
  });
}

/**
 * Runs the engine and gives what it prints on standard output.
 * @throws Error with the engine's own words if it fails.
 */
export async function readPulumi(args: readonly string[]): Promise<string> {
  const child = spawn(pulumiBinary(), args, {
    cwd: project,
    env: pulumiEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed: ${error.trim() || out.trim()}`);
  return out;
}
