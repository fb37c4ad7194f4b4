import { type Command, InvalidArgumentError } from "commander";
import { newCommand } from "../tools/command-line/command";
import { fromPerson } from "../tools/command-line/folder";

/** Options of the command line. */
export interface CommandLine {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string;
  readonly run: string | undefined;
  readonly node: string | undefined;
  readonly timeoutSeconds: number;
  /** Absolute path. */
  readonly reports: string;
  readonly json: boolean;
}

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,251}[A-Za-z0-9])?$/;

/** Returns a parser of a name of Kubernetes, which gives an example of a right one. */
function nameLike(example: string): (text: string) => string {
  return (text) => {
    if (NAME.test(text)) return text;
    throw new InvalidArgumentError(`Expected a name, such as ${example}`);
  };
}

/** Longest time limit for a verdict, in seconds: a day. */
const LONGEST_SECONDS = 86_400;

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  throw new InvalidArgumentError(`Expected whole seconds from 1 to ${LONGEST_SECONDS}`);
}

/** Makes the command `npm run verdict`; the caller adds its action. */
export function verdictCommand(): Command {
  return newCommand({
    name: "npm run verdict --",
    summary:
      "Judges a test whose pods exist already, however it was started, and prints the verdict as the last line.",
    statuses: "0 SUCCESS, 1 FAILURE, 2 ERROR or a mistake in the command line",
    examples: [
      "npm run verdict                         # the newest test on kubectl's cluster",
      "npm run verdict -- --kubeconfig ~/.kube/config --context homelab",
      "npm run --silent verdict -- --json | jq .cause",
    ],
  })
    .option("--kubeconfig <file>", "the kubeconfig; by default the one that kubectl uses", (file) =>
      fromPerson(file),
    )
    .option("--context <name>", "a context of the kubeconfig")
    .option("--namespace <name>", "namespace of the pods", nameLike("fuse-test"), "fuse-test")
    .option(
      "--run <id>",
      "the run, as in the label fuse-test/run; the newest by default",
      nameLike("20261124-1"),
    )
    .option("--node <name>", "the expected node; the pods' node by default", nameLike("w2"))
    .option("--timeout <seconds>", "limit for the verdict", parseSeconds, 120)
    .option(
      "--reports <folder>",
      "folder for the report",
      (folder) => fromPerson(folder),
      fromPerson("reports"),
    )
    .option("--json", "print the whole verdict as JSON", false);
}

/** Returns what the options of a parsed command ask for. */
export function commandLineOf(command: Command): CommandLine {
  const { timeout, ...options } = command.opts<CommandLine & { timeout: number }>();
  const { kubeconfig, context, run, node, namespace, reports, json } = options;
  return { kubeconfig, context, run, node, namespace, reports, json, timeoutSeconds: timeout };
}

/**
 * Parses a command line without doing anything.
 * @throws CommanderError with a message that begins with its one important line.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const command = verdictCommand()
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  return commandLineOf(command.parse(args, { from: "user" }));
}
