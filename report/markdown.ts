import type { Examination } from "../protocol/suite-result";
import type { Report } from "./contents";
import { escapeMarkdown as text } from "../tools/escape";
import { factsOf } from "./facts";
import { splitStep } from "./steps";
import { countCells, duration, noticedWords, outcomeWord, partialWords, ratio, spread } from "./format";

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return rows.length === 0 ? [] : [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

/** Renders a next step with its commands as code. A command that contains a backtick cannot be code. */
function stepText(step: string): string {
  return splitStep(step)
    .map((one) => (one.kind === "command" && !/[`\r\n]/.test(one.text) ? `\`${one.text}\`` : text(one.text)))
    .join("");
}

function matrix({ cells }: Examination): string[] {
  const differing = cells.filter(({ passed }) => passed === false);
  return [
    "## Visibility matrix",
    "",
    `${countCells(cells)}${differing.length === 0 ? "" : `; **${differing.length} differ**`}.`,
    "",
    ...table(
      ["cell", "expected", "observed", ""],
      cells.map(({ title, expected, observed, passed }) => [
        text(title),
        text(expected),
        text(observed),
        passed === false ? "**differs**" : outcomeWord(passed),
      ]),
    ),
  ];
}

function recovery(examination: Examination): string[] {
  return [
    "## Stale mounts and recovery",
    "",
    `**${text(examination.summary)}.** Measured by ${text(examination.clock)}; the resolution is that of the polling loops.`,
    "",
    ...table(
      [
        "event",
        "times",
        "the consumer gets",
        "an open file",
        "noticed",
        "new nonce read",
        "same consumer",
        "mounts",
      ],
      examination.scenarios.map((scenario) => [
        text(scenario.title),
        String(scenario.times),
        text(scenario.consumerGot),
        text(scenario.openFile),
        noticedWords(scenario),
        spread(scenario.recovered),
        scenario.sameConsumer ? "yes" : "**no**",
        String(scenario.mounts),
      ]),
    ),
    "A liveness probe for a consumer, which finds a stale or hung mount:",
    "",
    "```yaml",
    examination.livenessProbe.trimEnd(),
    "```",
    "",
  ];
}

function speed({ speed: measured, latency, daemon, disappearance }: Examination): string[] {
  return [
    ...table(
      ["after an orderly stop", "expected", "observed", ""],
      disappearance.map(({ where, expected, observed, passed }) => [
        where,
        expected,
        observed,
        outcomeWord(passed),
      ]),
    ),
    "## Speed",
    "",
    `From the producer's mountinfo to the consumer's: ${spread(latency)}${latency === null ? "" : ` (${latency.samples.length} mounts, resolution ${duration(latency.resolution)})`}.`,
    "",
    ...table(
      ["through FUSE, against the same files without it", "where", "FUSE", "without", "time"],
      measured.map(({ title, where, fuse, plain, ratio: times }) => [
        title,
        where,
        duration(fuse),
        duration(plain),
        ratio(times),
      ]),
    ),
    ...(daemon === null
      ? []
      : [
          `The daemon used ${daemon.cpuSeconds.toFixed(1)} s of CPU and at most ${daemon.peakMib} MiB for this.`,
          "",
        ]),
  ];
}

/** Renders the report as Markdown, to paste into an issue. */
export function renderMarkdown(report: Report): string {
  const { run, timings, examination } = report;
  const proven = factsOf(report);
  const checks = report.checks.filter(({ name }) => !name.includes("/"));
  const facts: [string, string][] = [
    ["run", run.id],
    ["started", run.start],
    ["cluster", run.cluster],
    ["context", run.context],
    ["API server", run.server],
    ["node", run.node],
    ["namespace", run.namespace],
    ["driver", run.driver],
    ["image", run.imageDigest || run.image],
    ["kernel", proven.kernel],
    ["kubelet", proven.kubelet],
    ["runtime", proven.runtime],
    ["propagation of the bridge", proven.propagation],
    [
      "mounted, seen, judged",
      [timings.producerMounted, timings.consumerSaw, timings.verdict]
        .map((time) => (time === null ? "never" : duration(time)))
        .join(", "),
    ],
  ];
  const partial = partialWords(examination);
  return [
    `# ${report.verdict}${report.cause === "" ? "" : `: ${report.cause}`}`,
    "",
    ...(partial === "" ? [] : [`**${partial}**`, ""]),
    text(report.summary),
    "",
    ...(report.otherCauses.length === 0 ? [] : [`Also seen: ${report.otherCauses.map(text).join(", ")}`, ""]),
    "## Next steps",
    "",
    ...report.nextSteps.map((step) => `- ${stepText(step)}`),
    "",
    "## Run",
    "",
    ...table(
      ["", ""],
      facts.map(([name, value]) => [name, value === "" ? "unknown" : text(value)]),
    ),
    ...(examination === undefined
      ? []
      : [...matrix(examination), ...recovery(examination), ...speed(examination)]),
    ...(checks.length === 0 ? [] : ["## Checks", ""]),
    ...table(
      ["check", "expected", "observed", "", "after"],
      checks.map(({ name, expected, observed, passed, milliseconds }) => [
        text(name),
        text(expected),
        text(observed),
        passed === false ? "**differs**" : outcomeWord(passed),
        duration(milliseconds),
      ]),
    ),
  ].join("\n");
}
