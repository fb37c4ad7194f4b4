import { ROLES } from "../../manifests/common";
import { type Cause, type Evidence, runAgain } from "../cause";
import type { Observation, Question } from "../observation";
import type { Message } from "../../kube/message";
import { only } from "../../protocol/pod-log";

/** Finds a pod that the kubelet or the cluster has stopped for a reason that no other cause stands for. */
export function findFailed(
  { pods, question }: Observation,
  isKnown: (message: Message, question: Question) => boolean,
): Evidence | undefined {
  for (const role of ROLES) {
    const { facts, report, since } = pods[role];
    // A deletion is a cause of its own.
    if (facts?.phase !== "Failed" || facts.deleted) continue;
    const { reason, message, container } = facts;
    // A program that failed has reported why, or its exit status shows it.
    if (reason === "" && message === "" && container.state === "terminated") continue;
    if (isKnown({ source: "status", about: role, reason, text: message }, question)) continue;
    if (
      isKnown(
        { source: "container", about: role, reason: container.reason, text: container.message },
        question,
      )
    )
      continue;
    // Its report from before it was stopped is valid.
    if (only(report, "failed") !== undefined || report.conclusion !== undefined) continue;
    const why = [reason, message].filter((part) => part !== "").join(": ");
    return { about: role, text: why === "" ? "no reason is given" : why, time: since };
  }
  return undefined;
}

/** A pod is in phase Failed: it never recovers, whatever the reason. */
export const podFailed: Omit<Cause, "recognise"> = {
  code: "pod-failed",
  verdict: "ERROR",
  summarise: ({ node }, { about, text }) =>
    `The ${about} was stopped on node ${node}, and not by its program (${text})`,
  nextSteps: ({ node, namespace }, { about }) => [
    `Read the pod's status: kubectl --namespace ${namespace} describe pod fuse-${about}`,
    `Check whether the node is shutting down or rejects pods: kubectl describe node ${node}`,
    runAgain,
  ],
};
