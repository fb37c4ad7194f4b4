import type { Option } from "commander";
import { choiceOption } from "../tools/command-line/command";
import { UserError } from "../tools/command-line/user-error";
import { ConfigurationError, readSettings, type Settings, SUITES } from "../config/settings";
import { readStackFile } from "../config/stack-file";
import { driverNames } from "../config/programs";
import { stackFile } from "./stack-name";

/** Choices for one run that do not change the configuration. */
export type RunOptions = Partial<Pick<Settings, "suite" | "driver">>;

/** Makes the options `--suite NAME` and `--driver NAME`. */
export function runOptions(): Option[] {
  const instead = "for this run, in place of the configuration's";
  return [
    choiceOption("--suite <name>", `how much is tested, ${instead}`, SUITES),
    choiceOption("--driver <name>", `the FUSE program, ${instead}`, driverNames()),
  ];
}

/**
 * Parses values of a stack's file.
 * @throws UserError that names the file and every problem.
 */
export function settingsIn(file: string, values: Readonly<Record<string, string>>, run?: string): Settings {
  try {
    return readSettings(values, run);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}

/**
 * Returns the settings that a run will have, before anything is made for it.
 * @throws UserError if the configuration has a problem, or names a run, which would be no new one.
 */
export function settingsFor(stack: string, options: RunOptions): Settings {
  const file = stackFile(stack);
  const values = readStackFile(file);
  if (values.run !== undefined)
    throw new UserError(
      `fuse-test:run is ${JSON.stringify(values.run)} in ${file}: every run would have this id. Remove it there, or run: npx pulumi up`,
    );
  return { ...settingsIn(file, values), ...options };
}
