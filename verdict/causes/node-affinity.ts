import { byAny, byReason, byText, type Cause } from "../cause";

/** The pods were given a node selector or affinity that the node does not satisfy. */
export const nodeAffinity: Cause = {
  code: "node-affinity",
  verdict: "ERROR",
  recognise: byAny(
    byReason("NodeAffinity"),
    byText(
      "kubelet",
      /didn't match Pod's node affinity/,
      /didn't match node selector/,
      /Predicate NodeAffinity failed/,
    ),
  ),
  summarise: ({ node }, { text }) => `Node ${node} does not have the labels that the pods require (${text})`,
  nextSteps: ({ node, namespace }) => [
    `Compare the labels: kubectl get node ${node} --show-labels`,
    `with what the pods require: kubectl --namespace ${namespace} get pods --output yaml`,
    "The test requires none: check what adds them at admission: kubectl get mutatingwebhookconfigurations",
  ],
};
