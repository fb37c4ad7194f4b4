import type { Cause } from "../cause";

/** Nothing decisive happened before the deadline. */
export const timedOut: Cause = {
  code: "timed-out",
  verdict: "ERROR",
  recognise: ({ now, deadline }, { waitingFor }) =>
    now >= deadline ? { about: "run", text: `waiting for ${waitingFor}`, time: deadline } : undefined,
  summarise: ({ timeoutSeconds }, { text }) => `Nothing decisive happened in ${timeoutSeconds} s, ${text}`,
  nextSteps: ({ namespace, node }) => [
    `Look at the pods: kubectl --namespace ${namespace} describe pods`,
    `Look at the node: kubectl describe node ${node}`,
    "Give it longer: pulumi config set fuse-test:timeoutSeconds 300",
  ],
};
