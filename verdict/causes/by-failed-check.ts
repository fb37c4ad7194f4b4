import type { Cause } from "../cause";
import { checkDefinitions } from "../checks";

/** Recognises a cause by the failure of a check that stands for it. */
export function byFailedCheck(code: string): Cause["recognise"] {
  const names = checkDefinitions.filter(({ cause }) => cause === code).map(({ name }) => name);
  return (_, { checks }) => {
    const failed = checks.find(({ name, passed }) => passed === false && names.includes(name));
    return (
      failed && {
        about: failed.name,
        text: `${failed.name}: expected ${failed.expected}, got ${failed.observed}`,
      }
    );
  };
}
