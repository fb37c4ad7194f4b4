import type { Role } from "../../manifests/common";
import { type Cause, runAgain } from "../cause";
import { ownFault } from "../log-fault";
import type { Observation } from "../observation";
import { all, type EventName, only } from "../../protocol/pod-log";
import { producerEndedBefore } from "../producer-ended";

/** The events after any of which a pod's report is complete. A control that sees the mount examines it. */
const lastEvents: Readonly<Record<Role, readonly EventName[]>> = {
  producer: ["mounted"],
  consumer: ["examined"],
  control: ["searched", "examined"],
};

/** Events by which a pod reports why it stopped. */
const reasons = new Set<EventName>(["failed", "not-seen", "gave-up", "driver-exited"]);

/** Returns true for a producer that was stopped before the consumer had read its mount. */
function wasStoppedEarly(observation: Observation): boolean {
  const { producer, consumer } = observation.pods;
  if (only(producer.report, "stopped") === undefined) return false;
  const ended = consumer.report.events.find(({ event }) => event === "examined" || reasons.has(event));
  return producerEndedBefore(ended?.time ?? observation.now, observation);
}

function endedEarly(role: Role, observation: Observation): string | undefined {
  const pod = observation.pods[role];
  if (pod.facts?.deleted === true) {
    const why = [pod.facts.reason, pod.facts.message].filter((part) => part !== "").join(": ");
    return why === "" ? "it was deleted" : `it was deleted: ${why}`;
  }
  if (pod.absent === true) return "it was deleted before anything was seen of it";
  if (role === "producer" && wasStoppedEarly(observation))
    return "it was stopped before the consumer had read its mount";
  const reported = pod.report.events.some(({ event }) => reasons.has(event));
  const complete = lastEvents[role].some((name) => all(pod.report, name).length > 0);
  // An incomplete log is a finding of its own.
  if (reported || complete || !pod.logEnded || ownFault(role, pod) !== undefined) return undefined;
  const { exitCode, reason } = pod.facts?.container ?? {};
  return `it ended before its report was complete (exit status ${exitCode ?? "unknown"}, ${reason ?? "no reason"})`;
}

/** The run was stopped, or a pod terminated in the middle of it. */
export const interrupted: Cause = {
  code: "interrupted",
  verdict: "ERROR",
  recognise: (observation) => {
    if (observation.interrupted) return { about: "run", text: "the verdict command was interrupted" };
    for (const role of ["producer", "control", "consumer"] as const) {
      const text = endedEarly(role, observation);
      if (text !== undefined)
        return { about: role, text: `${role}: ${text}`, time: observation.pods[role].since };
    }
    return undefined;
  },
  summarise: (_, { text }) => `The run was interrupted, and proves nothing about propagation (${text})`,
  nextSteps: ({ namespace }) => [
    `Check what happened: kubectl --namespace ${namespace} get pods,events`,
    runAgain,
  ],
};
