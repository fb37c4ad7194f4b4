import type { Verdict } from "../protocol/verdict";
import { formatProgressLine } from "../protocol/progress";
import { connect } from "../kube/client";
import { writeReport } from "../report/write";
import { conclude } from "../verdict/suites/merge-verdict";
import { evaluate, isUnread } from "../verdict/suites/evaluate";
import type { ExamineRequest } from "../protocol/examine-request";
import { runExamination } from "../verdict/suites/run";

/** Carries out an examination, adds it to the verdict and writes the run's report again. */
export async function examine(request: ExamineRequest, signal: AbortSignal): Promise<Verdict> {
  const { namespace, run, suite, producer, consumer, refused, verdict } = request;
  const evidence = await runExamination({
    client: connect(request),
    ...{ namespace, run, suite, producer, consumer, refused, signal },
    start: Date.parse(request.start),
    onProgress: (what) =>
      process.stderr.write(`${formatProgressLine({ kind: "step", of: "examination", what })}\n`),
  });
  const examination = evaluate(evidence);
  const concluded = conclude(verdict, examination, new Date(), isUnread(evidence));
  writeReport({ verdict: concluded, examination, folder: verdict.report });
  return concluded;
}
