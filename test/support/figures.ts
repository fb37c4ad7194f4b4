import { appendFileSync } from "node:fs";
import type { Played } from "./bench";

/** Appends how long a verdict took to the file that FUSE_TEST_FIGURES names, for the table in the documentation. */
export function noteFigure(title: string, { verdict, seconds }: Played): void {
  const file = process.env.FUSE_TEST_FIGURES;
  if (file === undefined) return;
  const { cause, otherCauses } = verdict;
  const row = [cause, title, seconds.toFixed(1), otherCauses.join(" "), verdict.summary];
  appendFileSync(file, `| ${row.join(" | ")} |\n`);
}
