import { type Cause, isWaiting } from "../cause";

/** The node exists, and its kubelet does not respond: pods stay Pending without any event. */
export const nodeNotReady: Cause = {
  code: "node-not-ready",
  verdict: "ERROR",
  recognise: (observation) => {
    const { node, question, start } = observation;
    if (node?.exists !== true || node.ready || !isWaiting(observation)) return undefined;
    return { about: question.node, text: node.readyMessage, time: node.readySince ?? start };
  },
  summarise: ({ node }, { text }) => `Node ${node} is not Ready (${text})`,
  nextSteps: ({ node }) => [
    `Read its conditions: kubectl describe node ${node}`,
    `On ${node}, check the kubelet: systemctl status kubelet (k3s: k3s or k3s-agent), journalctl --unit kubelet --since -10min`,
    "A full disk, a runtime that is down and a missing network plugin all make a node NotReady",
  ],
};
