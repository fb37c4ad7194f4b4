import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Examination } from "../protocol/suite-result";
import type { Check } from "../protocol/verdict";
import type * as charting from "./charts";
import type { Report } from "./contents";
import { escapeMarkup as text } from "../tools/escape";
import { factsOf } from "./facts";
import { renderMatrix } from "./matrix";
import { splitStep } from "./steps";
import {
  duration,
  medianOf,
  p95Of,
  noticedWords,
  outcomeWord,
  outcomeWords,
  partialWords,
  ratio,
  shortCount,
  spread,
} from "./format";

interface Column {
  readonly name: string;
  readonly number?: boolean;
}

/** Renders a table of plain cells; the first cell of a row names it. */
function table(label: string, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const head = columns.map(({ name }) => `<th scope="col">${text(name)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = row.map((cell, index) => {
      if (index === 0) return `<th scope="row">${text(cell)}</th>`;
      return `<td${columns[index]?.number === true ? ' class="number"' : ""}>${text(cell)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${text(label)}"><table><thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

/** Renders a section, or nothing if it is empty. */
function section(id: string, title: string, inner: string): string {
  if (inner.trim() === "") return "";
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${text(title)}</h2>${inner}</section>`;
}

/** Renders a heading with its content, or nothing if it is empty. */
function part(title: string, inner: string): string {
  return inner === "" ? "" : `<h3>${text(title)}</h3>${inner}`;
}

function figure(title: string, svg: string): string {
  if (svg === "") return "";
  return `<h3>${text(title)}</h3><div class="scroll" tabindex="0" role="region" aria-label="${text(title)}">${svg}</div>`;
}

function checkTable(checks: readonly Check[]): string {
  return table(
    "Checks",
    [
      { name: "check" },
      { name: "result" },
      { name: "expected" },
      { name: "observed" },
      { name: "after", number: true },
    ],
    checks.map(({ name, expected, observed, passed, milliseconds }) => [
      name,
      `${passed === false ? "✗ " : passed === true ? "✓ " : "– "}${outcomeWord(passed)}`,
      expected,
      observed,
      duration(milliseconds),
    ]),
  );
}

function keyFigures({ timings, examination }: Report): string {
  const kill = examination?.scenarios.find(({ name }) => name === "kill");
  const facts: [string, string][] = [
    ...(examination === undefined
      ? []
      : ([
          ["a consumer after a loss", outcomeWords[examination.outcome]],
          ["visibility", shortCount(examination.cells)],
        ] as [string, string][])),
    ["mounted", timings.producerMounted === null ? "never" : duration(timings.producerMounted)],
    ["seen by the consumer", timings.consumerSaw === null ? "never" : duration(timings.consumerSaw)],
    ["whole run", duration(timings.verdict)],
    ...(examination?.latency
      ? [["propagation, median", medianOf(examination.latency)] as [string, string]]
      : []),
    ...(kill?.noticed ? [["death noticed, median", medianOf(kill.noticed)] as [string, string]] : []),
    ...(kill?.recovered ? [["kill to new nonce, 95%", p95Of(kill.recovered)] as [string, string]] : []),
  ];
  return `<dl class="figures">${facts.map(([name, value]) => `<div><dt>${text(name)}</dt><dd>${text(value)}</dd></div>`).join("")}</dl>`;
}

function recoverySection(examination: Examination, charts: charting.Charts): string {
  const { scenarios, disappearance, summary, clock, livenessProbe, outcome } = examination;
  const kill = scenarios.find(({ name }) => name === "kill");
  const rows = scenarios.map((scenario) => [
    scenario.title,
    `${scenario.passed === true ? "✓ recovers" : "✗ does not recover"}, ${scenario.times} ${scenario.times === 1 ? "time" : "times"}`,
    scenario.consumerGot,
    scenario.openFile,
    noticedWords(scenario),
    spread(scenario.recovered),
    String(scenario.mounts),
  ]);
  const columns = [
    "event",
    "same running consumer",
    "its next read",
    "a file already open",
    "noticed after",
    "new nonce read after",
    "mounts at most",
  ];
  const resolution = kill?.recovered ? `, resolution ${duration(kill.recovered.resolution)}` : "";
  return section(
    "recovery",
    "Stale mounts and recovery",
    `<p><strong>${text(summary)}.</strong></p><p class="soft">Clock: ${text(clock)}${resolution}. For a hung daemon the time counts from the kill.</p>
${table(
  "Recovery",
  columns.map((name) => ({ name })),
  rows,
)}
${figure("From the kill to the same consumer reading the new nonce", charts.recovery)}
${figure("From the kill to the consumer's error", charts.noticed)}
${part(
  "After an orderly stop",
  table(
    "After an orderly stop",
    ["where", "result", "observed"].map((name) => ({ name })),
    disappearance.map(({ where, observed, passed }) => [where, outcomeWord(passed), observed]),
  ),
)}
<details${outcome === "needs-liveness-probe" ? " open" : ""}><summary>A liveness probe that finds a stale or hung mount</summary><pre tabindex="0">${text(livenessProbe)}</pre></details>`,
  );
}

function speedSection({ latency, speed, daemon }: Examination, charts: charting.Charts): string {
  const measured =
    latency === null
      ? "Propagation latency was not measured."
      : `From the producer's mountinfo to the consumer's: ${spread(latency)}, over ${latency.samples.length} mounts, with a resolution of ${duration(latency.resolution)}.`;
  const rows = speed.map(({ title, where, fuse, plain, ratio: times }) => [
    title,
    where,
    duration(fuse),
    duration(plain),
    ratio(times),
  ]);
  return section(
    "speed",
    "Speed",
    `<p>${text(measured)}</p>${figure("Propagation latency", charts.latency)}
${figure("Time through FUSE, in multiples of the time without it", charts.speed)}
${table("Speed", [{ name: "operation" }, { name: "where" }, { name: "through FUSE", number: true }, { name: "without", number: true }, { name: "ratio", number: true }], rows)}
${daemon === null ? "" : `<p class="soft">The daemon used ${daemon.cpuSeconds.toFixed(1)} s of CPU and at most ${daemon.peakMib} MiB for this.</p>`}`,
  );
}

function runSection(report: Report): string {
  return section(
    "run",
    "Run",
    table("Run", [{ name: "fact" }, { name: "value" }], Object.entries(factsOf(report))),
  );
}

/** Renders a next step. A click selects a whole command, to be copied. */
function stepMarkup(step: string): string {
  return splitStep(step)
    .map((one) =>
      one.kind === "command" ? `<code class="command">${text(one.text)}</code>` : text(one.text),
    )
    .join("");
}

function headMarkup(report: Report): string {
  const { verdict, cause, summary, nextSteps, otherCauses, run, examination } = report;
  const partial = partialWords(examination);
  const mark = { SUCCESS: "✓", FAILURE: "✗", ERROR: "!" }[verdict];
  return `<header class="verdict-${verdict}"><p class="soft">fuse-test, run ${text(run.id)} on ${text(run.node)}${run.cluster === "" ? "" : ` of ${text(run.cluster)} (${text(run.server)})`}, ${text(run.start)}</p>
<h1><span aria-hidden="true">${mark}</span> ${verdict}${cause === "" ? "" : `: ${text(cause)}`}</h1>
${partial === "" ? "" : `<p class="lead word">${text(partial)}</p>`}
<p class="lead">${text(summary)}</p>
${otherCauses.length === 0 ? "" : `<p>Also seen: ${text(otherCauses.join(", "))}</p>`}
${nextSteps.length === 0 ? "" : `<h2>Next steps</h2><ul>${nextSteps.map((step) => `<li>${stepMarkup(step)}</li>`).join("")}</ul>`}</header>`;
}

/** Files that were collected as evidence, by name. */
export type EvidenceFiles = readonly { readonly name: string; readonly contents: string }[];

function evidenceSection(report: Report, evidence: EvidenceFiles): string {
  const files = evidence.map(
    ({ name, contents }) =>
      `<details><summary>${text(name)}</summary><pre tabindex="0">${text(contents)}</pre></details>`,
  );
  const count = report.checks.length;
  const checks = `<details><summary>All ${count} checks</summary>${checkTable(report.checks)}</details>`;
  return section("evidence", "Evidence", [...(count === 0 ? [] : [checks]), ...files].join("\n"));
}

/** Draws the charts. Their library is loaded only if it is needed: that takes a quarter of a second. */
function drawn(examination: Examination | undefined): charting.Charts | undefined {
  if (examination === undefined) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { drawCharts } = require("./charts") as typeof charting;
  return drawCharts(examination);
}

/** Renders the report as one HTML file that needs nothing else. */
export function renderHtml(report: Report, evidence: EvidenceFiles = []): string {
  const { examination } = report;
  const charts = drawn(examination);
  const quick = report.checks.filter(({ name }) => !name.includes("/"));
  const differing = quick.filter(({ passed }) => passed === false);
  const shown = differing.length === 0 ? "" : `<h3>Checks that differ</h3>${checkTable(differing)}`;
  const sections = [
    section("figures", "At a glance", `${keyFigures(report)}${shown}`),
    ...(examination !== undefined && charts !== undefined
      ? [
          ...(examination.cells.length === 0 ? [] : [renderMatrix(examination)]),
          recoverySection(examination, charts),
          speedSection(examination, charts),
          section("timeline", "Timeline", figure("Seconds from the start of the run", charts.timeline)),
        ]
      : []),
    runSection(report),
    evidenceSection(report, evidence),
  ];
  const style = readFileSync(join(__dirname, "style.css"), "utf8");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>${report.verdict}: fuse-test ${text(report.run.id)}</title><style>${style}</style></head>
<body>${headMarkup(report)}<main>${sections.join("\n")}</main></body></html>
`;
}
