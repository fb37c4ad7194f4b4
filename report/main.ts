import { spawn } from "node:child_process";
import { join } from "node:path";
import { main } from "../commands/main";
import { renderComparison } from "./compare";
import { findReport, latestReport } from "./find";
import { writeReport } from "./write";

const reports = join(__dirname, "..", "reports");

const usage = `npm run report                 names the latest report, and opens it where there is a screen
npm run report -- RUN          the report of a run, by its id or its folder
npm run report -- RUN RUN      compares two runs
npm run report -- --render RUN writes the report of a run anew, from its report.json`;

/** Opens a file with what the desktop opens it with. Where there is no desktop, its name has to do. */
function open(file: string): void {
  const screen =
    process.platform === "darwin" ||
    process.env.DISPLAY !== undefined ||
    process.env.WAYLAND_DISPLAY !== undefined;
  if (!screen || !process.stdout.isTTY) return;
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  spawn(opener, [file], { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}

function renderAnew(named: string): number {
  const { folder, report } = findReport(named, reports);
  const { examination, ...verdict } = report;
  writeReport({ verdict, examination, folder });
  process.stdout.write(`${join(folder, "report.html")}\n`);
  return 0;
}

main(() => {
  const [first, second, ...others] = process.argv.slice(2);
  if (first === "--render" && second !== undefined && others.length === 0)
    return Promise.resolve(renderAnew(second));
  if (first?.startsWith("-") === true || others.length > 0) {
    process.stdout.write(`${usage}\n`);
    return Promise.resolve(first === "--help" && others.length === 0 ? 0 : 2);
  }
  const found = first === undefined ? latestReport(reports) : findReport(first, reports);
  if (second !== undefined) {
    process.stdout.write(`${renderComparison(found.report, findReport(second, reports).report)}\n`);
    return Promise.resolve(0);
  }
  const page = join(found.folder, "report.html");
  process.stdout.write(`${found.report.verdict}: ${found.report.summary}\n${page}\n`);
  open(page);
  return Promise.resolve(0);
});
