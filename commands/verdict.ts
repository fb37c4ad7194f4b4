import { text } from "node:stream/consumers";
import { resolve } from "node:path";
import { removeAllPods, removeEarlierPods } from "../cleanup/previous-run";
import { sweepNode } from "../cleanup/sweep";
import { examine } from "./examine";
import { namesOfConnection } from "../kube/connection";
import { writeReport } from "../report/write";
import { describeDiskError } from "../tools/create-folder.cjs";
import { whenEngineEnds } from "../tools/parent";
import { exitStatus, type PreflightResult, type Verdict } from "../protocol/verdict";
import type { CommandLine } from "./verdict-arguments";
import { collectEvidence } from "../report/evidence/collect";
import { describeVerdict } from "../verdict/describe";
import { judge, type Judged } from "../verdict/judge";
import { nothingJudged } from "./nothing-judged";
import type { Question } from "../verdict/observation";
import { apiReasons } from "../kube/message";
import { type Client, connect } from "../kube/client";
import { preflight } from "../verdict/preflight";
import { formatProgressLine, type ProgressLine } from "../protocol/progress";
import { compareWithJob } from "../verdict/job-verdict";
import { judgeAlone, NoTestError } from "./judge-existing";
import { type JudgeRequest, parseRequest, type PreflightRequest } from "../protocol/verdict-request";

/** Interval at which to check that the engine still runs, in milliseconds. */
const PARENT_MILLISECONDS = 200;

function questionOf(request: PreflightRequest | JudgeRequest, client: Client): Question {
  const { run, node, namespace, driver, image, hostPath, timeoutSeconds } = request;
  const cluster = namesOfConnection(client.config.connection);
  return { run, cluster, node, namespace, driver, image, hostPath, timeoutSeconds };
}

/** Writes the report of a run that was watched, with the evidence unless it is a SUCCESS. */
async function conclude(judged: Judged, client: Client, reports: string): Promise<Verdict> {
  const verdict = { ...judged.judgement, report: resolve(reports, judged.judgement.run.id) };
  const { messages } = judged.observation;
  const reachable =
    verdict.cause !== "cluster-unreachable" &&
    !messages.some(({ reason }) => reason === apiReasons.credentials);
  if (verdict.verdict !== "SUCCESS")
    await collectEvidence({ client, ...judged, reachable, folder: verdict.report });
  writeReport({ verdict, folder: verdict.report });
  return verdict;
}

/** Returns a signal that is aborted when this program is interrupted. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  return stop.signal;
}

function print(line: string): void {
  process.stderr.write(`${line}\n`);
}

function printProgress(line: ProgressLine): void {
  print(formatProgressLine(line));
}

function onProgress(what: string): void {
  printProgress({ kind: "waiting", what });
}

async function runPreflight(request: PreflightRequest): Promise<PreflightResult> {
  const start = Date.now();
  const client = connect(request);
  let ended: string[] = [];
  const found = await preflight({
    client,
    question: questionOf(request, client),
    start,
    pods: request.pods,
    makeRoom: async () => {
      ended = await removeEarlierPods(request);
    },
    removePods: () => removeAllPods(request),
  });
  return {
    start: new Date(start).toISOString(),
    verdict: found === undefined ? null : await conclude(found, client, request.reports),
    ended,
  };
}

async function runJudge(request: JudgeRequest): Promise<Verdict> {
  const client = connect(request);
  const start = Date.parse(request.start);
  // Starts here because the janitor's pod needs about as long as the verdict.
  const sweeping = sweepNode(request.cleaning, request.ended, print);
  const judged = await judge({
    client,
    question: { ...questionOf(request, client), podsMade: true },
    start,
    deadline: start + request.timeoutSeconds * 1000,
    signal: stopSignal(),
    onProgress,
    onCheck: (check) => {
      printProgress({ kind: "check", check });
    },
  });
  const verdict = await conclude(judged, client, request.reports);
  await sweeping;
  return verdict;
}

function answer(request: ReturnType<typeof parseRequest>): Promise<PreflightResult | Verdict> {
  switch (request.mode) {
    case "preflight":
      return runPreflight(request);
    case "judge":
      return runJudge(request);
    case "examine":
      return examine(request, stopSignal());
  }
}

async function answerRequest(): Promise<number> {
  // A janitor of a run that is over would meet the next run's.
  whenEngineEnds(PARENT_MILLISECONDS, () => process.exit(1));
  const request = parseRequest(await text(process.stdin));
  const result = await answer(request);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return 0;
}

async function judgePresent(line: CommandLine): Promise<number> {
  const { client, ...judged } = await judgeAlone({ line, signal: stopSignal(), onProgress });
  const verdict = await conclude(judged, client, line.reports);
  const compared = compareWithJob(verdict, judged.observation);
  if (compared !== undefined) print(compared);
  process.stdout.write(`${line.json ? JSON.stringify(verdict, null, 2) : describeVerdict(verdict)}\n`);
  return exitStatus[verdict.verdict];
}

/** Prints that nothing was judged, with `--json` as a verdict. */
function printNothing(line: CommandLine, error: unknown, start: Date): number {
  const summary = error instanceof Error ? error.message : String(error);
  print(`verdict: ${summary}`);
  if (line.json) {
    const cause = error instanceof NoTestError ? error.code : "cluster-unreachable";
    const verdict = nothingJudged(line, { cause, summary, start, now: new Date() });
    process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
  }
  return exitStatus.ERROR;
}

async function answerPerson(args: readonly string[]): Promise<number> {
  // Loaded only here: a request of the engine needs no command line, and must not wait for this.
  const { commandLineOf, verdictCommand } = await import("./verdict-arguments.js");
  const { ending, runCommand } = await import("../tools/command-line/run.js");
  const command = verdictCommand();
  command.action(
    ending(async () => {
      const [line, start] = [commandLineOf(command), new Date()];
      return judgePresent(line).catch((error: unknown) => printNothing(line, error, start));
    }),
  );
  await runCommand(command, { failureStatus: exitStatus.ERROR, args });
  return Number(process.exitCode ?? 0);
}

function main(args: readonly string[]): Promise<number> {
  return args[0] === "--request" && args[1] === "-" ? answerRequest() : answerPerson(args);
}

// A status by process.exit: watches that are being closed must not keep the process alive.
main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    const words = describeDiskError(error) ?? (error instanceof Error ? error.message : String(error));
    process.stderr.write(`verdict: ${words}\n`);
    process.exit(2);
  },
);
