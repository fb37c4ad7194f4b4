import type { Check } from "../protocol/verdict";
import type { Report } from "./contents";
import { type JunitCase, renderJunitSuite } from "../tools/junit-xml";

function checkCase({ name, expected, observed, passed, milliseconds }: Check): JunitCase {
  if (passed === true) return { name, milliseconds };
  const kind = passed === false ? "failure" : "skipped";
  return { name, milliseconds, problem: { kind, message: `expected ${expected}; observed ${observed}` } };
}

/** Returns the verdict's own test case: a test that could not be carried out has no failing check. */
function verdictCase({ verdict, cause, summary, timings }: Report): JunitCase {
  const passed = { name: "verdict", milliseconds: timings.verdict };
  if (verdict === "SUCCESS") return passed;
  const kind = verdict === "FAILURE" ? "failure" : "error";
  return { ...passed, problem: { kind, type: cause, message: summary } };
}

/** Renders a report as JUnit XML: one test case for each check, and one for the verdict. */
export function renderJunit(report: Report): string {
  const { checks, timings, run } = report;
  return renderJunitSuite({
    name: `run ${run.id} on ${run.node}`,
    className: "fuse-test",
    milliseconds: timings.verdict,
    timestamp: run.start,
    cases: [...checks.map(checkCase), verdictCase(report)],
  });
}
