import { renderJunitSuite } from "../tools/junit-xml";

/** One preview as a test: its name, how long it took, and its problems. */
export interface Outcome {
  readonly name: string;
  readonly milliseconds: number;
  readonly problems: readonly string[];
}

/** Renders the outcomes as a JUnit file. */
export function junit(outcomes: readonly Outcome[]): string {
  return renderJunitSuite({
    name: "policy",
    className: "policy",
    milliseconds: outcomes.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    cases: outcomes.map(({ name, milliseconds, problems: [first, ...more] }) => ({
      ...{ name, milliseconds },
      ...(first !== undefined && {
        problem: { kind: "failure", message: first, details: [first, ...more].join("\n") },
      }),
    })),
  });
}
