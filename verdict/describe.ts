import type { Check, Verdict } from "../protocol/verdict";
import { wordOf } from "../protocol/progress";

function checkLine({ name, observed, passed, milliseconds }: Check): string {
  return `  ${name.padEnd(22)} ${wordOf(passed).padEnd(15)} ${String(milliseconds).padStart(6)} ms  ${observed}`;
}

/** Titles of groups of checks, by the part of their names before the slash. */
const groups: Readonly<Record<string, string>> = {
  "": "checks",
  matrix: "cells of the matrix",
  recovery: "ways to lose the mount",
  disappearance: "places after an orderly stop",
};

function groupOf({ name }: Check): string {
  return name.includes("/") ? (name.split("/")[0] ?? "") : "";
}

function count(checks: readonly Check[], passed: Check["passed"]): string[] {
  const found = checks.filter((check) => check.passed === passed).length;
  return found === 0 ? [] : [`${found} ${wordOf(passed)}`];
}

/** Counts the checks of each kind by their results. */
function countLines(checks: readonly Check[]): string[] {
  return [...new Set(checks.map(groupOf))].map((group) => {
    const ofGroup = checks.filter((check) => groupOf(check) === group);
    const counts = ([true, false, "not-applicable"] as const).flatMap((passed) => count(ofGroup, passed));
    return `  ${ofGroup.length} ${groups[group] ?? group}: ${counts.join(", ")}`;
  });
}

function answerLines({ summary, otherCauses, nextSteps, report, checks }: Verdict): string[] {
  return [
    ...(checks.length === 0 ? [] : [""]),
    summary,
    ...(otherCauses.length === 0 ? [] : [`Also seen: ${otherCauses.join(", ")}`]),
    ...nextSteps.map((step) => `  - ${step}`),
    `report: ${report}`,
  ];
}

/** Describes a verdict for a terminal; the last line is the verdict itself. */
export function describeVerdict(verdict: Verdict): string {
  const cause = verdict.cause === "" ? "" : ` (${verdict.cause})`;
  const last = `verdict: ${verdict.verdict}${cause}`;
  return [...verdict.checks.map(checkLine), ...answerLines(verdict), last].join("\n");
}

/**
 * Describes a verdict after its checks were already displayed: how many there are, and those that did not
 * pass. The last line is the verdict and nothing else.
 */
export function describeOutcome(verdict: Verdict): string {
  const { checks, cause } = verdict;
  const others = checks.filter(({ passed }) => passed !== true);
  return [
    ...countLines(checks),
    ...others.map(checkLine),
    ...answerLines(verdict),
    ...(cause === "" ? [] : [`cause: ${cause}`]),
    `verdict: ${verdict.verdict}`,
  ].join("\n");
}
