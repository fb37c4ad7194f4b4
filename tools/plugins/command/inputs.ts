import type { Difference, Failure, PropertyDifference } from "../rpc/provider";
import {
  equal,
  hasOtherMark,
  hasUnknown,
  isProperties,
  type Properties,
  reveal,
  type Value,
} from "../rpc/values";

/** The inputs of `command:local:Command`. Source: the documentation in `@pulumi/command/local`. */
const INPUTS: Readonly<Record<string, (value: Value) => boolean>> = {
  addPreviousOutputInEnv: (value) => typeof value === "boolean",
  archivePaths: () => false,
  assetPaths: () => false,
  create: isString,
  delete: isString,
  dir: isString,
  environment: (value) => isProperties(value) && Object.values(value).every(isString),
  interpreter: (value) => Array.isArray(value) && value.every(isString),
  logging: (value) => typeof value === "string" && LOGGINGS.includes(value),
  stdin: isString,
  triggers: Array.isArray,
  update: isString,
};

const LOGGINGS: readonly string[] = ["stdout", "stderr", "stdoutAndStderr", "none"];

const EXPECTED: Readonly<Record<string, string>> = {
  addPreviousOutputInEnv: "true or false",
  archivePaths: "nothing: archives need Pulumi's own command plugin",
  assetPaths: "nothing: assets need Pulumi's own command plugin",
  environment: "an object of strings",
  interpreter: "a list of strings",
  logging: `one of ${LOGGINGS.join(", ")}`,
  triggers: "a list",
};

function isString(value: Value): boolean {
  return typeof value === "string";
}

/** Returns the problems of a command's inputs. Values that are not known yet pass. */
export function checkInputs(inputs: Properties): Failure[] {
  return Object.entries(inputs).flatMap(([property, given]): Failure[] => {
    const accepts = INPUTS[property];
    if (accepts === undefined) {
      return [
        {
          property,
          reason: `is not an input of a command; expected one of ${Object.keys(INPUTS).join(", ")}`,
        },
      ];
    }
    if (hasOtherMark(given)) {
      return [{ property, reason: "assets and archives need Pulumi's own command plugin" }];
    }
    const value = reveal(given);
    if (value === null || hasUnknown(value) || accepts(value)) return [];
    return [{ property, reason: `has a wrong type; expected ${EXPECTED[property] ?? "a string"}` }];
  });
}

/** Returns a command's inputs from its inputs or its outputs, without those that are null. */
export function inputsOf(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([key, value]) => key in INPUTS && value !== null),
  );
}

/**
 * Compares a command's inputs: another trigger replaces it, anything else updates it.
 * Whether a value is a secret makes no difference.
 */
export function diffInputs(olds: Properties, news: Properties): Difference {
  const before = inputsOf(olds);
  const after = inputsOf(news);
  const properties = Object.keys(INPUTS).flatMap((path): PropertyDifference[] => {
    const was = before[path];
    const is = after[path];
    const replaces = path === "triggers";
    if (was === undefined) return is === undefined ? [] : [{ path, kind: "add", replaces }];
    if (is === undefined) return [{ path, kind: "delete", replaces }];
    return equal(reveal(was), reveal(is)) ? [] : [{ path, kind: "update", replaces }];
  });
  return { properties, deleteBeforeReplace: false };
}
