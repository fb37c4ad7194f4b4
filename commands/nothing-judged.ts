import type { CommandLine } from "./verdict-arguments";
import { unjudged, type Verdict } from "../protocol/verdict";

/** Returns the verdict of a command that found no test: nothing was watched, so there is no report. */
export function nothingJudged(
  line: CommandLine,
  { cause, summary, start, now }: Pick<Verdict, "cause" | "summary"> & { start: Date; now: Date },
): Verdict {
  const { run: id = "", context = "", node = "", namespace } = line;
  const nextSteps = [
    "Start the test: npm start, or npx pulumi up",
    "See what there is: kubectl get pods --all-namespaces",
  ];
  return unjudged({ cause, summary, nextSteps }, { start, end: now, id, context, node, namespace });
}
