import { escapeMarkup } from "./escape";

/** A test case of a JUnit file. */
export interface JunitCase {
  readonly name: string;
  readonly milliseconds: number;
  /** Why the case did not pass; absent when it did. */
  readonly problem?: {
    readonly kind: "failure" | "error" | "skipped";
    readonly message: string;
    readonly type?: string;
    /** More than the message, such as every further problem. */
    readonly details?: string;
  };
}

/** A test suite of a JUnit file. */
export interface JunitSuite {
  readonly name: string;
  /** Name of the classes under which CI services group the cases. */
  readonly className: string;
  /** Time of the whole, in milliseconds. */
  readonly milliseconds: number;
  /** Start, as an ISO date. */
  readonly timestamp?: string;
  readonly cases: readonly JunitCase[];
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeMarkup(String(value))}"`]))
    .join("");
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function renderCase(classname: string, { name, milliseconds, problem }: JunitCase): string {
  const head = `    <testcase${attributes({ classname, name, time: seconds(milliseconds) })}`;
  if (problem === undefined) return `${head}/>`;
  const { kind, type, message, details } = problem;
  const element = `<${kind}${attributes({ type, message })}`;
  return `${head}>${details === undefined ? `${element}/>` : `${element}>${escapeMarkup(details)}</${kind}>`}</testcase>`;
}

/** Renders a suite as a JUnit file, the format that every CI service reads. */
export function renderJunitSuite({ name, className, milliseconds, timestamp, cases }: JunitSuite): string {
  const count = (kind: string): number => cases.filter(({ problem }) => problem?.kind === kind).length;
  const counts = {
    ...{ tests: cases.length, failures: count("failure"), errors: count("error"), skipped: count("skipped") },
    time: seconds(milliseconds),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: className, ...counts })}>`,
    `  <testsuite${attributes({ name, timestamp, ...counts })}>`,
    ...cases.map((one) => renderCase(className, one)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
