import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { join } from "node:path";

const project = join(__dirname, "..", "..");

/** How a command of this project ended, and what it printed. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A signal, and the output of a program after which it is sent. */
export interface Interrupt {
  readonly after: RegExp;
  readonly signal: NodeJS.Signals;
}

export interface CommandOptions {
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder that it is started in; the project's unless given. */
  readonly cwd?: string;
  /** Closes the reading end of its standard output before it writes, as `| head -0` does. */
  readonly closedPipe?: boolean;
  readonly interrupt?: Interrupt | undefined;
}

/** Every command of package.json that runs a program of this project, by its name, with the program's path. */
export function projectCommands(): Map<string, string> {
  const { scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  return new Map(
    Object.entries(scripts).flatMap(([name, line]) => {
      const program = /^node tools\/bootstrap\.cjs (\S+\.ts)$/.exec(line)?.[1];
      return program === undefined ? [] : [[name, program]];
    }),
  );
}

/** Runs a program of this project as npm would, without a terminal; resolves however it ends. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { environment = {}, cwd = project, closedPipe = false, interrupt }: CommandOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [join(project, "tools/bootstrap.cjs"), program, ...args], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (closedPipe) child.stdout.destroy();
  return finish(child, interrupt);
}

/** Waits for a program to exit, and sends it the signal after the words that the interrupt names. */
export async function finish(
  child: ChildProcessByStdio<null, Readable, Readable>,
  interrupt?: Interrupt,
): Promise<Ended> {
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  if (interrupt !== undefined) {
    let said = "";
    const look = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!interrupt.after.test(said)) return;
      for (const stream of [child.stdout, child.stderr]) stream.off("data", look);
      child.kill(interrupt.signal);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", look);
  }
  const [stdout, stderr, status] = await Promise.all([
    child.stdout.destroyed ? "" : text(child.stdout),
    text(child.stderr),
    closed,
  ]);
  return { status, stdout, stderr };
}

/** What a command may have made or changed: the stacks' files, the chosen runs, the state and the reports. */
export function traces(state: string): readonly string[] {
  const list = (folder: string): string[] =>
    existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
  const rendered = ["guard", "deployer"].map((part) => join(project, "gitops", part, `${part}.yaml`));
  return [
    ...readdirSync(project).filter((name) => /^(?:Pulumi\..*|\.run\..*)$/.test(name)),
    ...list(state).map((name) => `state: ${name}`),
    ...list(join(project, "reports")).map((name) => `report: ${name}`),
    ...rendered.map((file) => readFileSync(file, "utf8")),
  ].sort();
}

/** Makes a folder for the state of the commands that are tried, in which there is nothing. */
export function emptyState(folder: string): Readonly<Record<string, string>> {
  const state = join(folder, "state");
  mkdirSync(state);
  return { FUSE_TEST_STATE: state, PULUMI_BACKEND_URL: "", INIT_CWD: "", npm_lifecycle_event: "" };
}
