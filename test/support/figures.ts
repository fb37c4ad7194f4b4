import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { only } from "../../protocol/pod-log";
import type { Played, Scenario } from "./bench";

/** Time for which a verdict took, in seconds. */
export interface Figure {
  readonly cause: string;
  readonly title: string;
  /** From the moment when the fault was there and could take effect: mostly when the pods were made. */
  readonly sinceInjection: number;
  /** From the moment that decided; undefined if unknown. Times of events and statuses have whole seconds. */
  readonly sinceDecisive: number | undefined;
  readonly otherCauses: readonly string[];
}

/** The figures of a verdict. */
export function figureOf(
  title: string,
  played: Played,
  { injectedAt }: Pick<Scenario, "injectedAt"> = {},
): Figure {
  const { observation, decisive, verdict } = played;
  const { report } = observation.pods.producer;
  const injected = (injectedAt && only(report, injectedAt)?.time) ?? played.injected;
  const until = (time: number): number => (observation.now - time) / 1000;
  return {
    cause: verdict.cause,
    title,
    sinceInjection: until(injected),
    sinceDecisive: decisive === undefined ? undefined : until(decisive),
    otherCauses: verdict.otherCauses,
  };
}

const noted: Figure[] = [];

/** Notes how long a verdict took, for the table that is printed at the end. */
export function noteFigure(...figure: Parameters<typeof figureOf>): void {
  noted.push(figureOf(...figure));
}

/** Asserts that a verdict is an ERROR of a cause, and its summary, and notes how long it took. */
export function expectCause(played: Played | undefined, cause: string, words: RegExp, title: string): void {
  assert.ok(played, "the preflight found nothing");
  noteFigure(title, played);
  const { verdict } = played;
  assert.deepEqual([verdict.verdict, verdict.cause], ["ERROR", cause], verdict.summary);
  assert.match(verdict.summary, words);
}

/** Prints what was noted, and appends it to the file that FUSE_TEST_FIGURES names. */
export function printFigures(): void {
  const rows = noted.splice(0).map(({ cause, title, sinceInjection, sinceDecisive, otherCauses }) => {
    const seconds = [sinceInjection, sinceDecisive].map((figure) => figure?.toFixed(1) ?? "unknown");
    return `| ${[cause, title, ...seconds, otherCauses.join(" ")].join(" | ")} |\n`;
  });
  const file = process.env.FUSE_TEST_FIGURES;
  if (file !== undefined) appendFileSync(file, rows.join(""));
  process.stdout.write(
    "\n| cause | broken by | seconds from injection to verdict | from the decisive moment | also seen |\n" +
      `| --- | --- | --- | --- | --- |\n${rows.join("")}\n`,
  );
}
