import { byAny, byReason, byText, type Cause, type Evidence, isWaiting } from "../cause";
import type { Observation, PodToleration, Taint } from "../observation";

/**
 * Returns true if a toleration matches a taint, as Kubernetes does (k8s.io/api/core/v1,
 * Toleration.ToleratesTaint).
 */
export function tolerates({ key, operator, value, effect }: PodToleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== "" && effect !== taint.effect) return false;
  if (key !== undefined && key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  return key !== undefined && key !== "" && (value ?? "") === taint.value;
}

function byNode(observation: Observation): Evidence | undefined {
  const { node, tolerations, question, start } = observation;
  if (node === undefined || tolerations === undefined || !isWaiting(observation)) return undefined;
  const taint = node.taints.find(
    (one) =>
      one.effect !== "PreferNoSchedule" &&
      // Cordoning and faults of the node are causes of their own.
      !one.key.startsWith("node.kubernetes.io/") &&
      !tolerations.some((toleration) => tolerates(toleration, one)),
  );
  return taint && { about: question.node, text: `${taint.key}=${taint.value}:${taint.effect}`, time: start };
}

/** The node has a taint that the test's pods do not tolerate. */
export const taintNotTolerated: Cause = {
  code: "taint-not-tolerated",
  verdict: "ERROR",
  // The taint itself takes precedence over messages that do not name it.
  recognise: byAny(
    byNode,
    byText(
      "kubelet",
      /had untolerated taint/,
      /had taint \{.*\}, that the pod didn't tolerate/,
      /Predicate TaintToleration failed/,
    ),
    byReason("TaintToleration", "DeletionByTaintManager"),
  ),
  summarise: ({ node }, { text }) => `Node ${node} has a taint that the test does not tolerate (${text})`,
  nextSteps: ({ node }) => [
    `Check its taints: kubectl get node ${node} --output jsonpath={.spec.taints}`,
    `Tolerate it: add it to fuse-test:tolerations in the stack's file, in addition to those that are there`,
    "Or test another node: pulumi config set fuse-test:node NAME",
  ],
};
