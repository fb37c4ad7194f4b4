import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type CommandResult, runCommand } from "../../tools/setup/run";

const project = join(__dirname, "..", "..");

/** A mount namespace of a test's own, in which it mounts what the machine must not see. */
export interface PrivateMounts {
  /** A command line that runs the one which is added to it there, in the project's folder. */
  readonly through: readonly string[];
  /** Runs a shell script there; resolves however it ends. */
  readonly sh: (script: string, ...args: readonly string[]) => Promise<CommandResult>;
  /** Ends the namespace, with everything that is mounted in it. */
  readonly end: () => Promise<void>;
}

/**
 * Makes a mount namespace, which lives as long as it is not ended, and not longer than this process.
 * @throws Error if the script that prepares it fails.
 */
export async function privateMounts(prepare: string, ...args: readonly string[]): Promise<PrivateMounts> {
  // What holds it ends with its standard input.
  const argv = ["--mount", "--propagation", "private", "cat"];
  const holder = spawn("unshare", argv, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(holder, "exit");
  holder.stdin.write("it is there\n");
  await Promise.race([once(holder.stdout, "data"), ended]);
  const through = ["nsenter", `--mount=/proc/${holder.pid ?? 0}/ns/mnt`, "--", "env", `--chdir=${project}`];
  const sh: PrivateMounts["sh"] = (script, ...words) =>
    runCommand({ argv: [...through, "sh", "-c", script, "sh", ...words] });
  const end = async (): Promise<void> => {
    holder.stdin.end();
    await ended;
  };
  const { code, stderr } = await sh(prepare, ...args);
  if (code === 0) return { through, sh, end };
  await end();
  throw new Error(`the mounts cannot be prepared: ${stderr}`);
}
