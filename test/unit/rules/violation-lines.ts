/** A violation of the rules in a resource. */
interface Violation {
  readonly topic: string;
  readonly path: string;
  readonly found: string;
  readonly required: string;
}

/** Returns violations as text, a line each. */
export function linesOf(violations: readonly Violation[]): string[] {
  return violations.map(({ topic, path, found, required }) => `${topic} ${path}: ${found}, not ${required}`);
}
