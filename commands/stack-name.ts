import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Option, InvalidArgumentError } from "commander";
import { PROJECT_FOLDER } from "../tools/command-line/folder";
import { suggest } from "../tools/command-line/nearest";
import { UserError } from "../tools/command-line/user-error";
import { readPulumi } from "./pulumi";

/** The stack of the embedded cluster, which is used unless another one is named or selected. */
export const DEFAULT_STACK = "local";

/** A stack's name, with or without its organization and project. Source: `ParseStackName` in pulumi/pulumi. */
const NAME = /^(?:[\w.-]{1,100}\/){0,2}[\w.-]{1,100}$/;

/** Returns a stack's name as it was written. @throws InvalidArgumentError if it cannot be one. */
export function parseStackName(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError(`Expected letters, digits, "-", "_" and ".", such as ${DEFAULT_STACK}`);
}

/** Makes the option `--stack NAME`. */
export function stackOption(description: string): Option {
  return new Option("--stack <name>", description).argParser(parseStackName);
}

/** Returns the one stack that a word and the option `--stack` name; undefined when neither does. */
export function namedStack(word: string | undefined, option: string | undefined): string | undefined {
  if (word !== undefined && option !== undefined && word !== option)
    throw new UserError(`two stacks are named, ${word} and ${option}: expected one. Leave one of them out`);
  return word ?? option;
}

/** Returns the part of a stack's name that its file has in its own name. */
function shortName(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}

/** Returns the path of a stack's configuration. */
export function stackFile(stack: string, folder = PROJECT_FOLDER): string {
  return join(folder, `Pulumi.${shortName(stack)}.yaml`);
}

/** Returns the stacks that have a file with their configuration. */
function configuredStacks(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
}

/**
 * Checks that a stack has a file with its configuration, without starting the engine.
 * @throws UserError that lists the stacks that have one, the nearest first.
 */
export function requireConfigured(stack: string, folder = PROJECT_FOLDER): void {
  if (existsSync(stackFile(stack, folder))) return;
  throw new UserError(
    `there is no file Pulumi.${shortName(stack)}.yaml, so no stack "${stack}". ${suggest(stack, configuredStacks(folder))}. ` +
      `To make another stack, copy Pulumi.homelab.yaml`,
  );
}

interface ListedStack {
  readonly name: string;
  readonly current: boolean;
}

async function listStacks(): Promise<ListedStack[]> {
  return JSON.parse(await readPulumi(["stack", "ls", "--json"])) as ListedStack[];
}

/**
 * Returns an existing stack: the named one, else the selected one, else the default one. Creates and selects none.
 * @throws UserError that lists the existing ones, the nearest first.
 */
export async function existingStack(named: string | undefined): Promise<string> {
  const stacks = await listStacks();
  const wanted = named ?? stacks.find(({ current }) => current)?.name ?? DEFAULT_STACK;
  const names = stacks.map(({ name }) => name);
  if (names.some((name) => name === wanted || shortName(name) === shortName(wanted))) return wanted;
  const others = names.length === 0 ? "No stack exists yet" : suggest(wanted, names);
  throw new UserError(`there is no stack "${wanted}". ${others}. To make one: npm start -- --stack NAME`);
}
