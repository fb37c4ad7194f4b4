import type { Verdict } from "../verdict/contract";
import { formatTold } from "../verdict/progress";
import { connect } from "../verdict/observer/client";
import { writeReport } from "../report/write";
import { conclude } from "./conclude";
import { evaluate, isUnread } from "./evaluate";
import type { ExamineRequest } from "./request";
import { runExamination } from "./run";

/** Carries out an examination, adds it to the verdict and writes the run's report anew. */
export async function examine(request: ExamineRequest, signal: AbortSignal): Promise<Verdict> {
  const { namespace, run, suite, producer, consumer, refused, verdict } = request;
  const evidence = await runExamination({
    client: connect(request),
    ...{ namespace, run, suite, producer, consumer, refused, signal },
    start: Date.parse(request.start),
    onProgress: (what) => process.stderr.write(`${formatTold({ kind: "step", of: "examination", what })}\n`),
  });
  const examination = evaluate(evidence);
  const concluded = conclude(verdict, examination, new Date(), isUnread(evidence));
  writeReport({ verdict: concluded, examination, folder: verdict.report });
  return concluded;
}
