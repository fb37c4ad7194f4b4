import type { Distribution } from "../protocol/suite-result";
import type { Report } from "./contents";
import { measured, outcomeWord } from "./format";

/** A property that two runs have in common, with its value in each. */
export interface Difference {
  readonly what: string;
  readonly first: string;
  readonly second: string;
}

function factsOf(report: Report): Map<string, string> {
  const { run, examination } = report;
  const facts: [string, string][] = [
    ["verdict", report.verdict],
    ["cause", report.cause === "" ? "none" : report.cause],
    ["node", run.node],
    ["driver", run.driver],
    ["image", run.imageDigest || run.image],
    ["kernel", run.kernel],
    ["kubelet", run.kubelet],
    ["runtime", run.runtime],
    ["suite", examination?.suite ?? "quick"],
    ["outcome of the examination", examination?.outcome ?? "none"],
    ...report.checks.map(({ name, passed, observed }): [string, string] => [
      name,
      passed === true ? outcomeWord(passed) : `${outcomeWord(passed)}: ${observed}`,
    ]),
  ];
  return new Map(facts);
}

/** Lists the differences between two runs, apart from times. */
export function differences(first: Report, second: Report): Difference[] {
  const one = factsOf(first);
  const other = factsOf(second);
  // Suites observe different things: what only one of them observed is no difference.
  const sameSuite = one.get("suite") === other.get("suite");
  const common = [...one.keys()].filter((what) => other.has(what));
  return (sameSuite ? [...new Set([...one.keys(), ...other.keys()])] : common).flatMap((what) => {
    const before = one.get(what) ?? "not observed";
    const after = other.get(what) ?? "not observed";
    return before === after ? [] : [{ what, first: before, second: after }];
  });
}

/** A figure of two runs, in milliseconds or times. */
export interface Figure {
  readonly what: string;
  readonly first: number;
  readonly second: number;
  readonly unit: "ms" | "times";
  /** The less exact of the two runs' resolutions, in the same unit; 0 if there is none. */
  readonly resolution: number;
}

type Measured = Pick<Figure, "unit" | "resolution"> & { readonly value: number };

function figuresOf({ timings, examination }: Report): Map<string, Measured> {
  const found = new Map<string, Measured>();
  const add = (what: string, value: number | null | undefined, unit: Figure["unit"] = "ms"): void => {
    if (value !== null && value !== undefined) found.set(what, { value, unit, resolution: 0 });
  };
  const addPart = (
    what: string,
    part: "median" | "p95",
    distribution: Distribution | null | undefined,
  ): void => {
    if (distribution)
      found.set(what, { value: distribution[part], unit: "ms", resolution: distribution.resolution });
  };
  add("mounted", timings.producerMounted);
  add("consumer saw it", timings.consumerSaw);
  add("verdict", timings.verdict);
  addPart("propagation, median", "median", examination?.latency);
  addPart("propagation, 95%", "p95", examination?.latency);
  for (const { name, noticed, recovered } of examination?.scenarios ?? []) {
    addPart(`${name}: noticed, 95%`, "p95", noticed);
    addPart(`${name}: new nonce read, 95%`, "p95", recovered);
  }
  for (const { title, where, ratio } of examination?.speed ?? []) add(`${title}, ${where}`, ratio, "times");
  return found;
}

/** Lists the figures that both runs have. */
export function figures(first: Report, second: Report): Figure[] {
  const other = figuresOf(second);
  return [...figuresOf(first)].flatMap(([what, { value, unit, resolution }]) => {
    const match = other.get(what);
    if (match === undefined) return [];
    return [
      { what, first: value, second: match.value, unit, resolution: Math.max(resolution, match.resolution) },
    ];
  });
}

/** Formats the change of a figure; nothing if one of the two is below their resolution. */
function percent({ first, second, resolution }: Figure): string {
  if (first === 0 || Math.min(first, second) < resolution) return "";
  const change = Math.round((second / first - 1) * 100);
  return change === 0 ? "the same" : `${change > 0 ? "+" : ""}${change}%`;
}

function pad(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}

/** Describes the comparison of two runs, for a terminal. */
export function renderComparison(first: Report, second: Report): string {
  const differing = differences(first, second);
  const show = (value: number, { unit, resolution }: Figure): string =>
    unit === "ms" ? measured(value, resolution) : `${value.toFixed(1)} times`;
  const rows = figures(first, second).map((figure) => [
    figure.what,
    show(figure.first, figure),
    show(figure.second, figure),
    percent(figure),
  ]);
  return [
    `${first.run.id} against ${second.run.id}`,
    "",
    ...(differing.length === 0
      ? ["Verdict, checks and versions are the same."]
      : ["Differences:", ...pad(differing.map((one) => [one.what, one.first, one.second]))]),
    "",
    "Figures:",
    ...pad(rows),
  ].join("\n");
}
