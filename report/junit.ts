import type { Check } from "../verdict/contract";
import type { Report } from "./contents";
import { escapeMarkup } from "./escape";

function testCase({ name, expected, observed, passed, milliseconds }: Check): string {
  const head = `    <testcase classname="fuse-test" name="${escapeMarkup(name)}" time="${(milliseconds / 1000).toFixed(3)}"`;
  const message = escapeMarkup(`expected ${expected}; observed ${observed}`);
  if (passed === true) return `${head}/>`;
  const inner = passed === false ? `<failure message="${message}"/>` : `<skipped message="${message}"/>`;
  return `${head}>${inner}</testcase>`;
}

/** The verdict is a test case too: a test that could not be carried out has no failing check to show for it. */
function verdictCase(report: Report): string {
  const head = `    <testcase classname="fuse-test" name="verdict" time="${(report.timings.verdict / 1000).toFixed(3)}"`;
  const message = escapeMarkup(report.summary);
  if (report.verdict === "SUCCESS") return `${head}/>`;
  const element = report.verdict === "FAILURE" ? "failure" : "error";
  return `${head}><${element} type="${escapeMarkup(report.cause)}" message="${message}"/></testcase>`;
}

/** The report as JUnit XML: one test case for each check, and one for the verdict. */
export function renderJunit(report: Report): string {
  const { checks, verdict, timings, run } = report;
  const failures = checks.filter(({ passed }) => passed === false).length + (verdict === "FAILURE" ? 1 : 0);
  const skipped = checks.filter(({ passed }) => passed === "not-applicable").length;
  const errors = verdict === "ERROR" ? 1 : 0;
  const counts = `tests="${checks.length + 1}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${(timings.verdict / 1000).toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="fuse-test" ${counts}>`,
    `  <testsuite name="${escapeMarkup(`run ${run.id} on ${run.node}`)}" timestamp="${escapeMarkup(run.start)}" ${counts}>`,
    ...checks.map(testCase),
    verdictCase(report),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
