import { type Cause, isWaiting } from "../cause";

/** The node was taken out of service. Pods pinned to it would still start; the test respects it. */
export const nodeCordoned: Cause = {
  code: "node-cordoned",
  verdict: "ERROR",
  recognise: (observation) => {
    const { node, question, start } = observation;
    if (node?.unschedulable !== true || !isWaiting(observation)) return undefined;
    return { about: question.node, text: "spec.unschedulable is true", time: start };
  },
  summarise: ({ node }) => `Node ${node} is cordoned: it was taken out of service`,
  nextSteps: ({ node }) => [
    `Find out by whom and why: kubectl describe node ${node}`,
    `Put it back when it may serve again: kubectl uncordon ${node}`,
    "Or test another node: pulumi config set fuse-test:node NAME",
  ],
};
