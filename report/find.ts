import { nearestFirst } from "../tools/command-line/nearest";
import { UserError } from "../tools/command-line/user-error";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseReport, type Report } from "./contents";

/** A run's report on disk. */
export interface Found {
  readonly folder: string;
  readonly report: Report;
}

/** Number of reports that an error names. */
const MOST_NAMED = 5;

/** Returns the names of the runs that have a report, the latest first. */
function namesIn(reports: string): string[] {
  let names: string[] = [];
  try {
    // Files are other reports, such as that of the policies.
    const entries = readdirSync(reports, { withFileTypes: true });
    names = entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
  } catch {
    // Without the folder there are no reports.
  }
  return names
    .flatMap((name) => {
      const modified = statSync(join(reports, name, "report.json"), { throwIfNoEntry: false })?.mtimeMs;
      return modified === undefined ? [] : [{ name, modified }];
    })
    .sort((a, b) => b.modified - a.modified)
    .map(({ name }) => name);
}

function read(folder: string, reports: string): Found {
  const file = join(folder, "report.json");
  let contents: string;
  try {
    contents = readFileSync(file, "utf8");
  } catch {
    const known = namesIn(reports);
    const others =
      known.length === 0
        ? `${reports} holds no report. Make one: npm start`
        : `There are: ${nearestFirst(basename(folder), known).slice(0, MOST_NAMED).join(", ")}`;
    // A name with a line break or an escape sequence must be quoted, to be one line of plain text.
    const shown = /\p{Cc}/u.test(file) ? JSON.stringify(file) : file;
    throw new UserError(`${shown} cannot be read: expected the report of a run. ${others}`);
  }
  return { folder, report: parseReport(contents, file) };
}

/**
 * Finds a report by its folder, or by its run's id below the folder of all reports.
 * @throws Error in one line if there is none.
 */
export function findReport(named: string, reports: string): Found {
  const isFolder = named.includes("/") || named === ".";
  return read(isFolder ? resolve(named) : join(reports, named), reports);
}

/**
 * Finds the latest report.
 * @throws Error in one line if there is none.
 */
export function latestReport(reports: string): Found {
  const [last] = namesIn(reports);
  if (last === undefined) throw new UserError(`${reports} holds no report. Make one: npm start`);
  return read(join(reports, last), reports);
}
