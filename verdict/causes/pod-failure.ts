import { type Cause, type Evidence, findMessage } from "../cause";
import type { Observation } from "../observation";
import { only } from "../../protocol/pod-log";

/** Recognises a cause by the stage at which any pod's program reports its failure. */
export function byStageOfAnyPod(stage: string): Cause["recognise"] {
  return (observation) =>
    findMessage(observation, ({ source, reason }) => source === "log" && reason === stage);
}

/** Recognises a cause by the runtime's messages in the log of a pod whose program never started. */
export function byWordsBeforeStart(...patterns: readonly RegExp[]): Cause["recognise"] {
  return ({ pods }: Observation): Evidence | undefined => {
    for (const [about, { report, since }] of Object.entries(pods)) {
      if (only(report, "started") !== undefined) continue;
      const text = report.strangeLines.find((line) => patterns.some((pattern) => pattern.test(line)));
      if (text !== undefined) return { about, text, time: since };
    }
    return undefined;
  };
}
