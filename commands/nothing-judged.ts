import type { CommandLine } from "./verdict-arguments";
import type { Verdict } from "../protocol/verdict";

/** Returns the verdict of a command that found no test: nothing was watched, so there is no report. */
export function nothingJudged(
  line: CommandLine,
  { cause, summary, start, now }: Pick<Verdict, "cause" | "summary"> & { start: Date; now: Date },
): Verdict {
  return {
    verdict: "ERROR",
    cause,
    summary,
    otherCauses: [],
    nextSteps: [
      "Start the test: npm start, or npx pulumi up",
      "See what there is: kubectl get pods --all-namespaces",
    ],
    checks: [],
    timings: {
      created: null,
      scheduled: null,
      producerMounted: null,
      consumerSaw: null,
      verdict: now.getTime() - start.getTime(),
    },
    run: {
      id: line.run ?? "",
      start: start.toISOString(),
      end: now.toISOString(),
      cluster: "",
      context: line.context ?? "",
      server: "",
      node: line.node ?? "",
      namespace: line.namespace,
      driver: "",
      image: "",
      imageDigest: "",
      kernel: "",
      kubelet: "",
      runtime: "",
      propagation: "",
    },
    report: "",
  };
}
