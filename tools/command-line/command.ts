import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { nearest, suggest } from "./nearest";

/** Texts of a command's help. */
export interface Described {
  /** The words that start it, such as `npm run clean --`. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Whole command lines, each with a comment that explains it. At least one. */
  readonly examples: readonly [string, ...string[]];
  /** Exit statuses, for scripts. */
  readonly statuses: string;
}

/** Returns the names of a command's options, such as `--suite`. */
function optionNames(command: Command): string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), "--help"];
}

/** Refuses words that a command does not take, before its action begins. commander's message has only their number. */
function refuseMoreWords(command: Command): void {
  const { args, registeredArguments } = command;
  if (registeredArguments.at(-1)?.variadic === true) return;
  const word = args[registeredArguments.length];
  if (word === undefined) return;
  const meant = nearest(`--${word}`, optionNames(command));
  const most = registeredArguments.length;
  command.error(
    `unexpected word '${word}': ${most === 0 ? "no word is" : `at most ${most} ${most === 1 ? "word is" : "words are"}`} expected` +
      (meant === undefined ? "" : ` (Did you mean ${meant}?)`),
  );
}

/** Options of these commands that npm has too: a value of them in the environment may be npm's own. */
const OF_NPM = new Set(["json"]);

/**
 * Refuses options that npm has kept to itself, as in `npm start --suite quick`: the command would run without them.
 * npm hands them on as variables (https://docs.npmjs.com/cli/using-npm/config#environment-variables).
 */
function refuseOptionsOfNpm(command: Command): void {
  for (const { long, flags } of command.options) {
    const name = long?.replace(/^--/, "") ?? "";
    if (process.env[`npm_config_${name.replaceAll("-", "_")}`] === undefined || OF_NPM.has(name)) continue;
    command.error(
      `npm took the option '--${name}' for its own: write options after "--", as in: -- ${flags}`,
    );
  }
}

/** Makes a command whose words and options the caller adds. */
export function newCommand({ name, summary, examples, statuses }: Described): Command {
  return newSubcommand(name, summary).addHelpText(
    "after",
    `\nExit status: ${statuses}\n\nExamples:\n${examples.map((line) => `  ${line}`).join("\n")}`,
  );
}

/** Makes one of the commands that a command consists of, such as `up` of the cluster's. */
export function newSubcommand(name: string, summary: string): Command {
  return new Command(name)
    .description(summary)
    .helpOption("-h, --help", "show this help")
    .allowExcessArguments()
    .hook("preAction", (_, command) => {
      refuseOptionsOfNpm(command);
      refuseMoreWords(command);
    });
}

/** Returns a parser that takes one of several words, and suggests the nearest one for a wrong one. */
function oneOf(choices: readonly string[]): (word: string) => string {
  return (word) => {
    if (choices.includes(word)) return word;
    throw new InvalidArgumentError(suggest(word, choices));
  };
}

/** Returns a parser of a whole number that is not less than another. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`Expected a whole number from ${least} on`);
  };
}

/** Makes an option whose value is one of several words, such as `--suite NAME`. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices).argParser(oneOf(choices));
}

/** Makes an argument that is one of several words, such as `<cause>`; `[step...]` takes any number of them. */
export function choiceArgument(name: string, description: string, choices: readonly string[]): Argument {
  const argument = new Argument(name, description).choices(choices);
  const parse = oneOf(choices);
  if (!argument.variadic) return argument.argParser(parse);
  return argument.argParser((word: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    parse(word),
  ]);
}
