/** What is wrong with a resource, as the rules say it. */
interface Violation {
  readonly topic: string;
  readonly path: string;
  readonly found: string;
  readonly required: string;
}

/** What violations say, a line each. */
export function told(violations: readonly Violation[]): string[] {
  return violations.map(({ topic, path, found, required }) => `${topic} ${path}: ${found}, not ${required}`);
}
