import { spawn } from "node:child_process";
import { join } from "node:path";
import { newCommand } from "../tools/command-line/command";
import { fromPerson } from "../tools/command-line/folder";
import { ending, INTERRUPTED, runCommand } from "../tools/command-line/run";
import { UserError } from "../tools/command-line/user-error";
import { renderComparison } from "../report/compare";
import { findReport, latestReport } from "../report/find";
import { writeReport } from "../report/write";

const reports = join(__dirname, "..", "reports");

/** Opens a file with the desktop's program for it; without a desktop nothing is opened. */
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
  const { folder, report } = findReport(resolveNamed(named), reports);
  const { examination, ...verdict } = report;
  writeReport({ verdict, examination, folder });
  process.stdout.write(`${join(folder, "report.html")}\n`);
  return 0;
}

/** Resolves a folder from the user's working directory; returns the id of a run as it is. */
function resolveNamed(named: string): string {
  return named.includes("/") || named === "." ? fromPerson(named) : named;
}

function compare(first: string, second: string): number {
  const [one, other] = [findReport(resolveNamed(first), reports), findReport(resolveNamed(second), reports)];
  process.stdout.write(`${renderComparison(one.report, other.report)}\n`);
  return 0;
}

function show(named: string | undefined): number {
  const found = named === undefined ? latestReport(reports) : findReport(resolveNamed(named), reports);
  const page = join(found.folder, "report.html");
  process.stdout.write(`${found.report.verdict}: ${found.report.summary}\n${page}\n`);
  open(page);
  return 0;
}

const command = newCommand({
  name: "npm run report --",
  summary:
    "Prints the path of a run's report, by default of the latest, and opens it if there is a desktop. Compares two.",
  statuses: `0 done, 2 for a mistake in the command line, such as a run that has no report, ${INTERRUPTED}`,
  examples: [
    "npm run report                          # the latest",
    "npm run report -- 20261124-110242-341   # the one of a run, by its id or its folder",
    "npm run report -- RUN RUN               # compares two runs",
    "npm run report -- --render RUN          # renders it again, from its report.json",
  ],
})
  .argument("[run]", "id of a run, or the folder of its report")
  .argument("[other]", "the run to compare it with")
  .option("--render <run>", "render the report of a run again, from its report.json")
  .action(
    ending((run: string | undefined, other: string | undefined, { render }: { render?: string }) => {
      if (render !== undefined && run !== undefined)
        throw new UserError(`--render takes one run, but ${run} is a second one: leave it out`);
      if (render !== undefined) return renderAnew(render);
      return run !== undefined && other !== undefined ? compare(run, other) : show(run);
    }),
  );

void runCommand(command, { failureStatus: 1, afterInterrupt: "" });
