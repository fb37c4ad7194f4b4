import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFolder } from "../tools/create-folder.cjs";
import type { Examination } from "../protocol/suite-result";
import type { Verdict } from "../protocol/verdict";
import type { Report } from "./contents";
import { type EvidenceFiles, renderHtml } from "./html";
import { renderJunit } from "./junit";
import { renderMarkdown } from "./markdown";

export interface ReportInput {
  readonly verdict: Verdict;
  /** Results of the suites beyond the quick test, if one ran. */
  readonly examination?: Examination | undefined;
  /** Folder of this run's report. */
  readonly folder: string;
}

/** Length to which a file of evidence is cut in the page; the file itself has all of it. */
const EVIDENCE_CHARACTERS = 50_000;

/** Reads the files that were collected in the report's folder, which may have none. */
function readEvidence(folder: string): EvidenceFiles {
  try {
    return readdirSync(join(folder, "evidence"), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => ({
        name: `evidence/${name}`,
        contents: readFileSync(join(folder, "evidence", name), "utf8").slice(0, EVIDENCE_CHARACTERS),
      }));
  } catch {
    return [];
  }
}

/** Writes the files of a run's report into its folder. Each file is complete at any time. */
export function writeReport({ verdict, examination, folder }: ReportInput): void {
  createFolder(folder);
  const report: Report = { ...verdict, ...(examination === undefined ? {} : { examination }) };
  const files: Record<string, string> = {
    "report.json": `${JSON.stringify(report, null, 2)}\n`,
    "report.md": renderMarkdown(report),
    "junit.xml": renderJunit(report),
    "report.html": renderHtml(report, readEvidence(folder)),
  };
  for (const [name, contents] of Object.entries(files)) {
    writeFileSync(join(folder, `${name}.new`), contents);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  }
}
