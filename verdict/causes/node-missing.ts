import type { Cause } from "../cause";

/** There is no Node object of that name. */
export const nodeMissing: Cause = {
  code: "node-missing",
  verdict: "ERROR",
  recognise: ({ node, pods, question, start }) => {
    if (node?.exists === false)
      return { about: question.node, text: `no Node object named ${question.node}`, time: start };
    const collected = Object.entries(pods).find(([, { facts }]) => facts?.reason === "DeletionByPodGC");
    if (collected === undefined) return undefined;
    const [about, { since: time }] = collected;
    return { about, text: "the pod was removed because its node does not exist", time };
  },
  summarise: ({ node }) => `The cluster has no node named ${node}`,
  nextSteps: () => [
    "List the nodes: kubectl get nodes",
    "Name the right one: pulumi config set fuse-test:node NAME",
    "Check that the kubeconfig is the right cluster's: kubectl config current-context",
  ],
};
