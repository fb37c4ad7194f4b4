import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Examination } from "../examination/result";
import type { Verdict } from "../verdict/contract";

export interface ReportInput {
  readonly verdict: Verdict;
  /** What the suites found beyond the quick test, where one ran. */
  readonly examination?: Examination | undefined;
  /** Folder of this run's report. */
  readonly folder: string;
}

/** Writes the files of a run's report into its folder. */
export async function writeReport({ verdict, examination, folder }: ReportInput): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const contents = { ...verdict, ...(examination === undefined ? {} : { examination }) };
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(contents, null, 2)}\n`);
  await Promise.resolve();
}
