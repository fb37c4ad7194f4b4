import type { Cause } from "../cause";
import { checkDefinitions } from "../checks";

/** Recognises a cause by the failure of any of these checks. */
export function byFailedCheck(names: readonly string[]): Cause["recognise"] {
  return ({ start }, { checks }) => {
    const failed = checks.find(({ name, passed }) => passed === false && names.includes(name));
    return (
      failed && {
        about: failed.name,
        text: `${failed.name}: expected ${failed.expected}, got ${failed.observed}`,
        time: start + failed.milliseconds,
      }
    );
  };
}

/** Returns the names of the checks that stand for a cause. */
export function checksOf(code: string): string[] {
  return checkDefinitions.filter(({ cause }) => cause === code).map(({ name }) => name);
}
