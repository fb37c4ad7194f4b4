import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseReport, type Report } from "./contents";

/** A run's report on disk. */
export interface Found {
  readonly folder: string;
  readonly report: Report;
}

function read(folder: string): Found {
  const file = join(folder, "report.json");
  let contents: string;
  try {
    contents = readFileSync(file, "utf8");
  } catch {
    throw new Error(`${file} cannot be read: expected the report of a run. Make one: npm start`);
  }
  return { folder, report: parseReport(contents, file) };
}

/**
 * The report that a person means: by its folder, or by its run's id below the folder of all reports.
 * @throws Error in one line if there is none.
 */
export function findReport(named: string, reports: string): Found {
  const isFolder = named.includes("/") || named === ".";
  return read(isFolder ? resolve(named) : join(reports, named));
}

/**
 * The report that was written last.
 * @throws Error in one line if there is none.
 */
export function latestReport(reports: string): Found {
  let names: string[] = [];
  try {
    names = readdirSync(reports);
  } catch {
    // No folder: no report, as below.
  }
  const written = names.flatMap((name) => {
    const modified = statSync(join(reports, name, "report.json"), { throwIfNoEntry: false })?.mtimeMs;
    return modified === undefined ? [] : [{ name, modified }];
  });
  const last = written.sort((a, b) => b.modified - a.modified)[0];
  if (last === undefined) throw new Error(`${reports} holds no report. Make one: npm start`);
  return read(join(reports, last.name));
}
