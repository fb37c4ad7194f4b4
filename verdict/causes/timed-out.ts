import type { Role } from "../../manifests/common";
import type { Cause } from "../cause";
import { hasStarted, messagesOf, type Observation } from "../observation";

/** Returns the last message about a pod whose program has not started: it may be the reason. */
function lastWords(observation: Observation): string {
  const { pods } = observation;
  const messages = messagesOf(observation).filter(
    ({ source, about, text }) =>
      source !== "log" && text !== "" && about in pods && !hasStarted(pods[about as Role]),
  );
  const last = messages.find(({ source }) => source !== "event") ?? messages.at(-1);
  return last === undefined ? "" : `; last message about the ${last.about}: ${last.reason}: ${last.text}`;
}

/** Nothing decisive happened before the deadline. */
export const timedOut: Cause = {
  code: "timed-out",
  verdict: "ERROR",
  recognise: (observation, { waitingFor }) => {
    const { now, deadline } = observation;
    if (now < deadline) return undefined;
    return { about: "run", text: `waiting for ${waitingFor}${lastWords(observation)}`, time: deadline };
  },
  summarise: ({ timeoutSeconds }, { text }) => `Nothing decisive happened in ${timeoutSeconds} s, ${text}`,
  nextSteps: ({ namespace, node }) => [
    `Check the pods: kubectl --namespace ${namespace} describe pods`,
    `Check the node: kubectl describe node ${node}`,
    "Give it longer: pulumi config set fuse-test:timeoutSeconds 300",
  ],
};
