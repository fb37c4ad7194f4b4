import { type Cause, findMessage } from "../cause";

/** Recognises a cause by the stage at which any pod's program reports its failure. */
export function byStageOfAnyPod(stage: string): Cause["recognise"] {
  return (observation) =>
    findMessage(observation, ({ source, reason }) => source === "log" && reason === stage);
}
