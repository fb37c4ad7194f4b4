import type { Check } from "./verdict";

/** Progress of the verdict command, one line each on standard error. */
export type ProgressLine =
  | { readonly kind: "waiting"; readonly what: string }
  | { readonly kind: "check"; readonly check: Pick<Check, "name" | "observed" | "passed" | "milliseconds"> }
  | { readonly kind: "step"; readonly of: "examination" | "cleanup"; readonly what: string };

/**
 * Length to which texts are cut, in characters: a line must be readable at a glance. The report has the full
 * text.
 */
const LONGEST_TEXT = 300;

const words = { true: "passed", false: "FAILED", "not-applicable": "not applicable" } as const;

/** Describes the result of a check in words. */
export function wordOf(passed: Check["passed"]): string {
  return words[`${passed}`];
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST_TEXT);
}

/** Formats progress as a line that is readable without any other display. */
export function formatProgressLine(line: ProgressLine): string {
  switch (line.kind) {
    case "waiting":
      return `waiting for ${oneLine(line.what)}`;
    case "step":
      return `${line.of}: ${oneLine(line.what)}`;
    case "check": {
      const { name, passed, milliseconds, observed } = line.check;
      return `check ${name} ${wordOf(passed)} after ${milliseconds} ms: ${oneLine(observed)}`;
    }
  }
}

const check = /^check (\S+) (passed|FAILED|not applicable) after (\d{1,9}) ms: (.*)$/;
const outcomes: Readonly<Record<string, Check["passed"]>> = {
  passed: true,
  FAILED: false,
  "not applicable": "not-applicable",
};

/** Parses a line of progress; undefined for any other line. */
export function parseProgressLine(line: string): ProgressLine | undefined {
  const [, name = "", word = "", milliseconds = "", observed = ""] = check.exec(line) ?? [];
  const passed = outcomes[word];
  if (passed !== undefined) {
    return { kind: "check", check: { name, passed, milliseconds: Number(milliseconds), observed } };
  }
  const [, waiting] = /^waiting for (.*)$/.exec(line) ?? [];
  if (waiting !== undefined) return { kind: "waiting", what: waiting };
  const [, of, step] = /^(examination|cleanup): (.*)$/.exec(line) ?? [];
  if (step === undefined) return undefined;
  return { kind: "step", of: of === "cleanup" ? "cleanup" : "examination", what: step };
}

/** Returns the checks that were decided, or decided differently, since the last call. */
export function newlyDecided(known: Map<string, Check["passed"]>, checks: readonly Check[]): Check[] {
  const fresh = checks.filter(({ name, passed }) => known.get(name) !== passed);
  for (const { name, passed } of fresh) known.set(name, passed);
  return fresh;
}
