import { type Cause, findMessage } from "../cause";
import { hasAnsweredSince, isOfChannel, isSilence, OUTAGE_MILLISECONDS } from "../channels";
import type { Observation, Question } from "../observation";
import type { Message } from "../../kube/message";
import { isRefusal } from "./admission-denied";

/** Returns true if a message means the cause. A Status with 5xx that contains admission's refusal is an answer. */
function means(message: Message, question: Question): boolean {
  return isSilence(message) && !isRefusal(message, question);
}

function recognise(observation: Observation): ReturnType<typeof findMessage> {
  const evidence = findMessage(
    observation,
    (message) =>
      means(message, observation.question) &&
      // If another channel is still answered, only this channel fails.
      !(isOfChannel(message) && hasAnsweredSince(observation, message.since ?? 0)),
    () => OUTAGE_MILLISECONDS,
  );
  return evidence && { ...evidence, text: `${evidence.about}: ${evidence.text}` };
}

/** The API server does not respond. A short outage during a run is waited out; before a run it is not. */
export const clusterUnreachable: Cause = {
  code: "cluster-unreachable",
  verdict: "ERROR",
  recognise: Object.assign(recognise, { means }),
  summarise: (_, { text }) => `The cluster's API server cannot be reached (${text})`,
  nextSteps: () => [
    "Try it: kubectl cluster-info",
    "Check which cluster the kubeconfig means, and its server's address, scheme and proxy: kubectl config view --minify",
    "For the embedded cluster, check its status: npm run cluster -- status, and start it: npm run cluster -- up",
  ],
};
