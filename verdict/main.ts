import { mkdirSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join, resolve } from "node:path";
import type { PreflightResult, Verdict } from "./contract";
import type { Judgement } from "./decide";
import { judge } from "./judge";
import type { Question } from "./observation";
import { connect } from "./observer/client";
import { preflight } from "./preflight";
import { type JudgeRequest, parseRequest, type PreflightRequest } from "./request";

function questionOf(request: PreflightRequest | JudgeRequest): Question {
  const { run, node, namespace, driver, image, hostPath, timeoutSeconds } = request;
  return { run, node, namespace, driver, image, hostPath, timeoutSeconds };
}

/** Writes the report of a run into a folder of its own, and gives the folder's path. */
function writeReport(judgement: Judgement, reports: string): Verdict {
  const folder = resolve(reports, judgement.run.id);
  const verdict = { ...judgement, report: folder };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(verdict, null, 2)}\n`);
  return verdict;
}

async function runPreflight(request: PreflightRequest): Promise<PreflightResult> {
  const start = Date.now();
  const client = connect(request);
  const found = await preflight({ client, question: questionOf(request), start, pods: request.pods });
  return {
    start: new Date(start).toISOString(),
    verdict: found === undefined ? null : writeReport(found, request.reports),
  };
}

async function runJudge(request: JudgeRequest): Promise<Verdict> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  const { judgement } = await judge({
    client: connect(request),
    question: questionOf(request),
    start: Date.parse(request.start),
    signal: stop.signal,
    onProgress: (waitingFor) => process.stderr.write(`waiting for ${waitingFor}\n`),
  });
  return writeReport(judgement, request.reports);
}

async function main(): Promise<void> {
  const request = parseRequest(await text(process.stdin));
  const result = request.mode === "preflight" ? await runPreflight(request) : await runJudge(request);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

main().then(
  // Watches that are being closed must not keep the process alive.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`verdict: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
