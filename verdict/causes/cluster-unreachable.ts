import { type Cause, findMessage } from "../cause";
import { hasAnsweredSince, isOfChannel, isSilence, OUTAGE_MILLISECONDS } from "../channels";
import type { Observation, Question } from "../observation";
import type { Message } from "../../kube/message";
import { isRefusal } from "./admission-denied";

/** Words of a Status with 5xx by which admission refuses are no silence. */
function means(message: Message, question: Question): boolean {
  return isSilence(message) && !isRefusal(message, question);
}

function recognise(observation: Observation): ReturnType<typeof findMessage> {
  const evidence = findMessage(
    observation,
    (message) =>
      means(message, observation.question) &&
      // Where another channel goes on, it is that channel that fails.
      !(isOfChannel(message) && hasAnsweredSince(observation, message.since ?? 0)),
    () => OUTAGE_MILLISECONDS,
  );
  return evidence && { ...evidence, text: `${evidence.about}: ${evidence.text}` };
}

/** The API server does not answer. A short hiccup during a run is waited out; before a run nothing is. */
export const clusterUnreachable: Cause = {
  code: "cluster-unreachable",
  verdict: "ERROR",
  recognise: Object.assign(recognise, { means }),
  summarise: (_, { text }) => `The cluster's API server cannot be reached (${text})`,
  nextSteps: () => [
    "Try it: kubectl cluster-info",
    "Check which cluster the kubeconfig means, and its server's address, scheme and proxy: kubectl config view --minify",
    "The embedded cluster is looked at with: npm run cluster -- status, and started with: npm run cluster -- up",
  ],
};
