import type { Check } from "../protocol/verdict";
import type { Distribution, Examination, Scenario } from "../protocol/suite-result";

/** Returns the result of a check as a word. */
export function outcomeWord(passed: Check["passed"]): string {
  if (passed === "not-applicable") return "not applicable";
  return passed ? "as expected" : "differs";
}

/** Formats milliseconds for a person: `4.2 ms`, `310 ms`, `1.4 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

/** Formats a distribution in one line. */
export function spread(distribution: Distribution | null): string {
  if (distribution === null) return "not measured";
  const { samples, p95, maximum, resolution } = distribution;
  const median = medianOf(distribution);
  if (samples.length === 1) return median;
  if (maximum < resolution) return `all below ${duration(resolution)}`;
  return `median ${median}, 95% ${within(p95, resolution)}, at most ${measured(maximum, resolution)}`;
}

/** Formats a measured time in milliseconds with the digits of its resolution, and never below it. */
export function measured(milliseconds: number, resolution: number): string {
  if (milliseconds < resolution) return `below ${duration(resolution)}`;
  if (resolution <= 0) return duration(milliseconds);
  const step = 10 ** Math.floor(Math.log10(resolution));
  const rounded = Math.round(milliseconds / step) * step;
  if (step >= 1 && rounded < 10) return `${rounded} ms`;
  return step >= 100 && rounded >= 1000
    ? `${(rounded / 1000).toFixed(step >= 1000 ? 0 : 1)} s`
    : duration(rounded);
}

function within(milliseconds: number, resolution: number): string {
  const text = measured(milliseconds, resolution);
  return text.startsWith("below ") ? text : `within ${text}`;
}

/** Formats a median; one below the resolution is shown as that limit. */
export function medianOf({ median, resolution }: Distribution): string {
  return measured(median, resolution);
}

/** Formats the time within which 95% of the measurements were, with the digits of their resolution. */
export function p95Of({ p95, resolution }: Distribution): string {
  return measured(p95, resolution);
}

type Looked = readonly { readonly passed: Check["passed"] }[];

function counted(cells: Looked): { readonly decided: number; readonly right: number } {
  const decided = cells.filter(({ passed }) => passed !== "not-applicable");
  return { decided: decided.length, right: decided.filter(({ passed }) => passed === true).length };
}

/** Counts the cells that are as expected, of those that could be observed, in a few words. */
export function shortCount(cells: Looked): string {
  const { decided, right } = counted(cells);
  return `${right} of ${decided} as expected`;
}

/** Counts the cells that are as expected, and those that could not be observed. */
export function countCells(cells: Looked): string {
  const { decided, right } = counted(cells);
  const left = cells.length - decided;
  return `${right} of ${decided} cells are as expected${left === 0 ? "" : `, ${left} could not be observed here`}`;
}

/** Formats a ratio of times: `12 times`. */
export function ratio(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} times`;
}

/** Describes how soon a loss was noticed. A hung daemon causes no error. */
export function noticedWords({ name, noticed }: Scenario): string {
  return name === "hang" && noticed === null ? "no error while it hangs" : spread(noticed);
}

/** Qualifies a verdict that is only a part of the result; empty if there is nothing to add. */
export function partialWords(examination: Examination | undefined): string {
  return examination?.outcome === "needs-liveness-probe" ? "partial success: needs a liveness probe" : "";
}

/** Fate of a consumer that keeps running, in a few words. */
export const outcomeWords: Readonly<Record<Examination["outcome"], string>> = {
  recovers: "recovers without a restart",
  "needs-liveness-probe": "needs a liveness probe",
  incomplete: "unknown",
};
