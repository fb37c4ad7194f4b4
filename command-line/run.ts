import { type Command, CommanderError } from "commander";
import { UserError } from "./user-error";

/** Exit status of every mistake in what a person has written. */
const USAGE_STATUS = 2;

/** Makes one line of what commander says on several, without the word that it begins with. */
function oneLine(message: string): string {
  return message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
}

/** Returns the words that may stand in the place of one that is missing; nothing when any word may. */
function expectedWords({ registeredArguments, commands }: Command): string {
  const words = registeredArguments[0]?.argChoices ?? commands.map((one) => one.name());
  return words.length === 0 ? "" : `. Expected one of: ${words.join(", ")}`;
}

function usageProblem(error: CommanderError, command: Command): string {
  const called = command.name().replace(/ --$/, "");
  // `help` is thrown in the place of an error when the name of a subcommand is missing.
  const missing = ["commander.help", "commander.missingArgument"].includes(error.code);
  const said = error.code === "commander.help" ? "a word is missing" : oneLine(error.message);
  const words = `${said}${missing ? expectedWords(command) : ""}`;
  const help = called.startsWith("npm ") ? "-- --help" : "--help";
  return `${called}: ${words.replace(/\.?$/, ".")} See: ${called} ${help}`;
}

/** Makes a command and its subcommands throw their problems, where commander would print them and exit. */
function letThrow(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const one of command.commands) letThrow(one);
}

/** Returns the exit status that stands for an error, and what to say of it in one line. */
function judgeError(
  error: unknown,
  command: Command,
  failureStatus: number,
): { status: number; words?: string } {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { status: 0 };
    return { status: USAGE_STATUS, words: usageProblem(error, command) };
  }
  const words = error instanceof Error ? error.message : String(error);
  return { status: error instanceof UserError ? USAGE_STATUS : failureStatus, words };
}

/** The action of a command: resolves with the exit status. */
type Action<Words extends unknown[]> = (...words: Words) => number | Promise<number>;

/** Makes an action's result the exit status of this process. */
export function ending<Words extends unknown[]>(action: Action<Words>): (...words: Words) => Promise<void> {
  return async (...words) => {
    process.exitCode = await action(...words);
  };
}

/**
 * Runs a command with the words and options of this process. All of them are validated before its action begins. What
 * goes wrong is told on standard error without a stack trace; a mistake of the person ends with status 2.
 * @param options.failureStatus the exit status of everything else that goes wrong.
 */
export async function runCommand(
  command: Command,
  { failureStatus, args = process.argv.slice(2) }: { failureStatus: number; args?: readonly string[] },
): Promise<void> {
  letThrow(command);
  try {
    await command.parseAsync(args, { from: "user" });
  } catch (error) {
    const { status, words } = judgeError(error, command, failureStatus);
    if (words !== undefined) process.stderr.write(`${words}\n`);
    process.exitCode = status;
  }
}
