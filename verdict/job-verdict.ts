import { parseJobVerdict } from "../protocol/job-verdict";
import type { Verdict } from "../protocol/verdict";
import type { Observation } from "./observation";
import { hideSecrets } from "../kube/secrets";

/**
 * Compares a verdict with the one that the pods reached themselves, in one line; undefined for a run in which
 * no pod judges.
 */
export function compareWithJob(
  { verdict, cause }: Pick<Verdict, "verdict" | "cause">,
  { question, pods }: Pick<Observation, "question" | "pods">,
): string | undefined {
  if (question.judge === undefined) return undefined;
  const left = parseJobVerdict(pods.consumer.facts?.container.left ?? "", question.run);
  const own = [verdict, cause].join(" ").trim();
  if (left === undefined) return `the Job has left no verdict on run ${question.run}, and this one is ${own}`;
  const other = [left.verdict, left.cause].join(" ").trim();
  if (own === other) return `the Job agrees: ${other}`;
  return `the Job disagrees: its verdict is ${other}, and this verdict is ${own}. The Job's summary: ${hideSecrets(left.summary)}`;
}
