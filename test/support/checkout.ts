import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { ensureLocking } from "../../tools/packages.cjs";
import { type Ended, finish, type Interrupt } from "./command-lines";

const project = join(__dirname, "..", "..");

/** A copy of this checkout, in which commands write what they write into theirs. */
export interface Checkout {
  readonly folder: string;
  /** Runs a command line such as `npm run report`; resolves however it ends. */
  readonly run: (
    line: string,
    environment?: Readonly<Record<string, string>>,
    interrupt?: Interrupt,
  ) => Promise<CommandEnd>;
  /** Changes the configuration in a stack's file; undefined removes a value. */
  readonly configure: (stack: string, values: Readonly<Record<string, unknown>>) => void;
}

/** The exit status and output of a command line. */
export interface CommandEnd extends Ended {
  /** Standard output and error, without npm's own header and empty lines at the end. */
  readonly lines: readonly string[];
}

/** Copies what git would commit, as a fresh clone has it. */
function copyFiles(target: string): void {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const { stdout, status } = spawnSync("git", args, { cwd: project, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ls-files failed with status ${status}`);
  for (const file of stdout.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(project, file), join(target, file), { verbatimSymlinks: true });
  }
}

/** Copies installed packages, by hard links if the disk is the same one: they are many, and nothing changes them. */
async function copyPackages(target: string): Promise<void> {
  await ensureLocking();
  for (const folder of ["node_modules", "tools/locking/node_modules"]) {
    const copy = (options: string): number | null =>
      spawnSync("cp", [options, join(project, folder), join(target, folder)], { stdio: "ignore" }).status;
    if (copy("-al") !== 0 && copy("-a") !== 0) throw new Error(`${folder} cannot be copied to ${target}`);
  }
}

/** Leaves out what npm prints before a script: its name and its command line. */
function withoutHeader(words: string): string[] {
  return words
    .replace(/^\n> .*\n> .*\n\n/, "")
    .trimEnd()
    .split("\n");
}

/**
 * Makes a copy of this checkout.
 * @param target a folder that does not exist yet
 * @param options.packages false for a fresh clone, in which nothing is installed
 * @param options.environment variables of its commands beside those of this process
 */
export async function copyCheckout(
  target: string,
  {
    packages = true,
    environment = {},
  }: { readonly packages?: boolean; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Checkout> {
  copyFiles(target);
  if (packages) await copyPackages(target);
  return {
    folder: target,
    run: async (line, more = {}, interrupt) => {
      const child = spawn("/bin/sh", ["-c", line], {
        cwd: target,
        env: { ...process.env, ...environment, ...more },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = await finish(child, interrupt);
      return { ...ended, lines: withoutHeader(ended.stdout + ended.stderr) };
    },
    configure: (stack, values) => {
      const file = join(target, `Pulumi.${stack}.yaml`);
      const { config, ...rest } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
      const changed: Record<string, unknown> = { ...config };
      for (const [key, value] of Object.entries(values)) changed[`fuse-test:${key}`] = value;
      writeFileSync(file, stringify({ ...rest, config: changed }));
    },
  };
}
