import type { Check } from "../protocol/verdict";
import type { Observation } from "./observation";

/** Result of a check, before it is timed. */
export interface Finding {
  readonly observed: string;
  readonly passed: Check["passed"];
  /** When it was decided, milliseconds since 1970 by the node's clock. */
  readonly time: number;
}

/** A condition that must hold for SUCCESS. */
export interface CheckDefinition {
  readonly name: string;
  readonly expected: string;
  /** The cause that a failure of this check stands for if no better one is recognised. */
  readonly cause: string;
  /** Undefined while it cannot be decided. */
  readonly find: (observation: Observation) => Finding | undefined;
}

/** Runs the checks and returns those that can be decided, in order. Times are from the start of the run. */
export function runChecks(definitions: readonly CheckDefinition[], observation: Observation): Check[] {
  return definitions.flatMap(({ name, expected, find }) => {
    const finding = find(observation);
    if (finding === undefined) return [];
    const { observed, passed, time } = finding;
    return [
      { name, expected, observed, passed, milliseconds: Math.max(0, Math.round(time - observation.start)) },
    ];
  });
}
