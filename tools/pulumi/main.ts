// `npx pulumi`: the engine that setup chose, with this project's home, backend and passphrase if none are set.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createFolder, describeDiskError } from "../create-folder.cjs";
import { PROJECT_FOLDER } from "../command-line/folder";
import { type CommandLine, readArguments } from "./arguments";
import { codeOf, problemOfBackend } from "./backend";
import { preventEngineLog } from "./engine-log";
import { type End, replaceBy } from "./exec";
import { backendFolder, engineEnvironment, type EngineRecord, ownBackend, readEngine } from "../paths";
import { removeDeadLocks, takesLock } from "./locks";
import { keepStates } from "./state-guard";
import { shortened } from "./outcome";
import { judgeOutputs } from "./outputs";
import { createTemporaryFolder } from "./temporary-folder";
import { noteUpdate, unfinishedUpdate } from "./update-log";

/** Name of the project, as in Pulumi.yaml. */
const PROJECT = "fuse-test";

/** Limit for reading the stack's outputs, in milliseconds. */
const OUTPUTS_TIMEOUT = 60_000;

/** A command of the engine, and what it runs with. */
interface Command {
  readonly engine: EngineRecord;
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  readonly line: CommandLine;
}

function isUpdate(verb: string | undefined): boolean {
  return verb === "up" || verb === "update";
}

function print(line: string): void {
  process.stderr.write(`pulumi: ${line}\n`);
}

function subjectOf({ env, line }: Command) {
  return { stack: line.stack, backend: env.PULUMI_BACKEND_URL, env };
}

/** Reads the stack's outputs; undefined if the engine has none, which it then reports itself. */
function readOutputs({ engine, env, line }: Command): unknown {
  const args = ["stack", "output", "--json", "--non-interactive", ...line.where];
  const { stdout } = spawnSync(engine.bin, args, {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: OUTPUTS_TIMEOUT,
  });
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** Checks that an update can write its report, which is the last thing that it does. @throws Error in one line. */
function requireWritableProject(): void {
  try {
    accessSync(PROJECT_FOLDER, constants.W_OK);
  } catch (error) {
    throw new Error(
      `the report cannot be written into ${PROJECT_FOLDER} (${codeOf(error)}), and nothing was changed. Use a checkout that can be written`,
    );
  }
}

/** Reports whose the outputs are if they are older than the last update. Returns true if they must not be shown. */
function mustWithhold(command: Command): boolean {
  const [verb, noun] = command.line.words;
  if (verb !== "stack" || noun !== "output") return false;
  const update = unfinishedUpdate(subjectOf(command));
  const judged = update && judgeOutputs(update, readOutputs(command));
  if (judged !== undefined) print(judged.words);
  return judged?.withheld === true;
}

/**
 * Prepares the backend for a command that changes the state.
 * @returns the function to call when the command has ended.
 * @throws Error in one line if the state cannot be used.
 */
function prepare(command: Command): (end: End) => number | undefined {
  const [verb] = command.line.words;
  if (!takesLock(verb)) return () => undefined;
  if (isUpdate(verb)) requireWritableProject();
  const subject = subjectOf(command);
  const states = { ...subject, project: PROJECT };
  const problem = problemOfBackend(states);
  if (problem !== undefined) throw new Error(problem);
  removeDeadLocks(subject.backend, print);
  const noteEnd = noteUpdate({ ...subject, verb, args: command.args });
  const endKeeping = keepStates(states, command.env, print);
  return (end) => {
    endKeeping();
    noteEnd(end);
    if (verb !== "destroy" || end.interrupt === null || end.status !== 0) return undefined;
    // The engine reports success if it is asked to stop between two of its steps.
    print(
      `the destroy was interrupted (${end.interrupt}), and may have left something. Run it again: npx pulumi destroy`,
    );
    return 1;
  };
}

function main(args: readonly string[]): void {
  const engine = readEngine();
  const added = engineEnvironment(engine);
  if (added.PULUMI_BACKEND_URL === ownBackend()) createFolder(backendFolder(), 0o700);
  // A home of the user's own is left as it is.
  if (added.PULUMI_HOME !== undefined) preventEngineLog(added.PULUMI_HOME);
  const command = { engine, args, line: readArguments(args), env: { ...process.env, ...added } };
  if (mustWithhold(command)) {
    process.exitCode = 1;
    return;
  }
  const ended = prepare(command);
  const short = isUpdate(command.line.words[0]) ? shortened(command) : undefined;
  const temporary = createTemporaryFolder();
  replaceBy({
    command: engine.bin,
    args: short?.args ?? args,
    env: { ...(short?.env ?? command.env), TMPDIR: temporary.folder },
    ended: (end) => {
      temporary.remove();
      const status = ended(end);
      short?.show((words) => process.stdout.write(words));
      return status;
    },
    notStarted: ({ code }) =>
      `pulumi: ${engine.bin} cannot be started (${code ?? "unknown error"}). Run: npm run setup`,
  });
}

try {
  main(process.argv.slice(2));
} catch (error) {
  print(describeDiskError(error) ?? (error as Error).message);
  process.exitCode = 1;
}
