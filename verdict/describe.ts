import type { Verdict } from "./contract";

const marks = { true: "passed", false: "FAILED", "not-applicable": "not applicable" } as const;

/** A verdict for a person to read in a terminal; the last line is the verdict itself. */
export function describeVerdict(verdict: Verdict): string {
  return [
    ...verdict.checks.map(
      ({ name, observed, passed, milliseconds }) =>
        `  ${name.padEnd(22)} ${marks[`${passed}`].padEnd(15)} ${String(milliseconds).padStart(6)} ms  ${observed}`,
    ),
    ...(verdict.checks.length === 0 ? [] : [""]),
    verdict.summary,
    ...(verdict.otherCauses.length === 0 ? [] : [`Also seen: ${verdict.otherCauses.join(", ")}`]),
    ...verdict.nextSteps.map((step) => `  - ${step}`),
    `report: ${verdict.report}`,
    `verdict: ${verdict.verdict}${verdict.cause === "" ? "" : ` (${verdict.cause})`}`,
  ].join("\n");
}
