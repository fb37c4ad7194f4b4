import { type Command, CommanderError } from "commander";
import { describeDiskError } from "../create-folder.cjs";
import { noticeInterrupts, statusOfSignal } from "./interrupt";
import { UserError } from "./user-error";

/** The exit statuses of an interrupted command, for the help. */
export const INTERRUPTED = "130 or 143 interrupted";

/** Exit status of every mistake of the user. */
const USAGE_STATUS = 2;

/** Makes one line of commander's message, without the word that it begins with. */
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

/** Returns the name of a command as a person types it, without options. */
function calledAs(command: Command): string {
  return command.name().replace(/ --$/, "");
}

function usageProblem(error: CommanderError, command: Command): string {
  const called = calledAs(command);
  // `help` is thrown in the place of an error when the name of a subcommand is missing.
  const missing = ["commander.help", "commander.missingArgument"].includes(error.code);
  const problem = error.code === "commander.help" ? "a word is missing" : oneLine(error.message);
  const words = `${problem}${missing ? expectedWords(command) : ""}`;
  const help = called.startsWith("npm ") ? "-- --help" : "--help";
  return `${called}: ${words.replace(/\.?$/, ".")} See: ${called} ${help}`;
}

/** Makes a command and its subcommands throw their problems, where commander would print them and exit. */
function letThrow(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const one of command.commands) letThrow(one);
}

/** Returns the exit status for an error, and its message in one line. */
function judgeError(
  error: unknown,
  command: Command,
  failureStatus: number,
): { status: number; words?: string } {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { status: 0 };
    return { status: USAGE_STATUS, words: usageProblem(error, command) };
  }
  const words = describeDiskError(error) ?? (error instanceof Error ? error.message : String(error));
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

/** Exit status and advice for a command that fails or is interrupted. */
export interface Endings {
  /** The exit status of every failure that is not the person's mistake. */
  readonly failureStatus: number;
  /**
   * Advice to print after an interrupt, as a sentence; empty if the command leaves nothing behind. Absent for a command
   * that handles interrupts itself, and for one that waits for programs synchronously and so receives no signal.
   */
  readonly afterInterrupt?: string;
}

/**
 * Runs a command with the arguments of this process, all of which are validated before its action begins. Errors are
 * printed on standard error without a stack trace. The exit status is 2 for a person's mistake, and after an interrupt,
 * which is reported in one line, the one that shells give to its signal.
 */
export async function runCommand(
  command: Command,
  {
    failureStatus,
    afterInterrupt,
    args = process.argv.slice(2),
  }: Endings & { readonly args?: readonly string[] },
): Promise<void> {
  letThrow(command);
  const reportInterrupt = (signal: NodeJS.Signals): void => {
    const advice = afterInterrupt ? `. ${afterInterrupt}` : "";
    process.stderr.write(`${calledAs(command)}: interrupted (${signal})${advice}\n`);
  };
  const interruption =
    afterInterrupt === undefined
      ? undefined
      : noticeInterrupts((signal) => {
          reportInterrupt(signal);
          process.exit(statusOfSignal(signal));
        });
  try {
    await command.parseAsync(args, { from: "user" });
  } catch (error) {
    const { status, words } = judgeError(error, command, failureStatus);
    // An error that follows an interrupt is a consequence of it.
    if (words !== undefined && interruption?.signal() === undefined) process.stderr.write(`${words}\n`);
    process.exitCode = status;
  } finally {
    interruption?.release();
  }
  const signal = interruption?.signal();
  if (signal === undefined) return;
  reportInterrupt(signal);
  process.exitCode = statusOfSignal(signal);
}
