#!/usr/bin/env node
// `npx pulumi`: the engine that setup chose, with this project's home, backend and passphrase where none are set.
const { spawnSync } = require("node:child_process");
const { mkdirSync } = require("node:fs");
const { readArguments } = require("./arguments.cjs");
const { mendAttributes } = require("./attributes.cjs");
const { problemOfBackend } = require("./backend.cjs");
const { replaceBy } = require("./child.cjs");
const { backendFolder, engineEnvironment, readEngine } = require("./homes.cjs");
const { mendLocks, takesLock } = require("./locks.cjs");
const { keepStates } = require("./keeper.cjs");
const { shortened } = require("./outcome.cjs");
const { judgeOutputs } = require("./outputs.cjs");
const { noteUpdate, unfinishedUpdate } = require("./updates.cjs");

/** Name of the project, as in Pulumi.yaml. */
const PROJECT = "fuse-test";

const say = (line) => process.stderr.write(`pulumi: ${line}\n`);

/** The stack's outputs; undefined where the engine has none to give, which it then says itself. */
function readOutputs(engine, env, where) {
  const args = ["stack", "output", "--json", "--non-interactive", ...where];
  const { stdout } = spawnSync(engine.bin, args, {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** Says where outputs are older than the last update. @returns whether they must not be shown. */
function mustWithhold(engine, env, { words: [verb, noun], where, stack }) {
  if (verb !== "stack" || noun !== "output") return false;
  const update = unfinishedUpdate({ stack, backend: env.PULUMI_BACKEND_URL, env });
  const judged = update && judgeOutputs(update, readOutputs(engine, env, where));
  if (judged !== undefined) say(judged.words);
  return judged?.withheld === true;
}

/**
 * Gets the backend ready for a command that changes the state.
 * @returns the function to call when the command has ended.
 * @throws Error in one line if the state cannot be used.
 */
function prepare(command) {
  if (!takesLock(command.verb)) return () => undefined;
  const problem = problemOfBackend(command);
  if (problem !== undefined) throw new Error(problem);
  mendLocks(command);
  const noteEnd = noteUpdate(command);
  const endKeeping = keepStates(command);
  return (end) => {
    endKeeping();
    noteEnd(end);
    if (command.verb !== "destroy" || end.told === null || end.status !== 0) return undefined;
    // The engine says that it has succeeded where it is told to stop between two of its steps.
    say(
      `the destroy was interrupted (${end.told}), and may have left something. Run it again: pulumi destroy`,
    );
    return 1;
  };
}

function main() {
  const engine = readEngine();
  const added = engineEnvironment(engine);
  if (added.PULUMI_BACKEND_URL !== undefined) mkdirSync(backendFolder(), { recursive: true, mode: 0o700 });
  const env = { ...process.env, ...added };
  const args = process.argv.slice(2);
  const backend = env.PULUMI_BACKEND_URL;
  mendAttributes({ backend, say });
  const line = readArguments(args);
  if (mustWithhold(engine, env, line)) {
    process.exitCode = 1;
    return;
  }
  const { stack } = line;
  const ended = prepare({ verb: line.words[0], args, stack, project: PROJECT, backend, env, say });
  const short = ["up", "update"].includes(line.words[0]) ? shortened({ args, env }) : undefined;
  replaceBy({
    command: engine.bin,
    args: short?.args ?? args,
    env: short?.env ?? env,
    ended: (end) => {
      const status = ended(end);
      short?.show((words) => process.stdout.write(words));
      return status;
    },
    notStarted: (error) => `pulumi: ${engine.bin} cannot be started (${error.code}). Run: npm run setup`,
  });
}

try {
  main();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
