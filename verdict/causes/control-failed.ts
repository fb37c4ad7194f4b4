import { byAny, byText, type Cause, type Evidence, type Findings } from "../cause";
import { runAgain } from "../cause";
import { checkDefinitions } from "../checks";
import type { Observation } from "../observation";
import { only } from "../../protocol/pod-log";
import { producerEndedBefore } from "../producer-ended";
import { byFailedCheck } from "./by-failed-check";

const names = checkDefinitions.filter(({ cause }) => cause === "control-failed").map(({ name }) => name);

/** A consumer that says itself that it failed, and ends like that, is no liar: what it found is the cause. */
function isHonestFailure({ pods }: Observation): boolean {
  const { report, facts } = pods.consumer;
  const told = report.events.filter(({ event }) => ["failed", "not-seen", "gave-up"].includes(event));
  return (
    told.length === 1 &&
    report.conclusion === "failure" &&
    // 2 is the status of an ERROR, where the consumer judges.
    (facts?.container.exitCode === 1 || facts?.container.exitCode === 2) &&
    report.strangeLines.length === 0
  );
}

/** A consumer that was ended in the middle of what it says, by a signal or with its pod, is no liar either. */
function wasEnded({ pods }: Observation): boolean {
  const { report, facts } = pods.consumer;
  const ended = facts?.deleted === true || (facts?.container.exitCode ?? 0) > 128;
  return ended && report.conclusion === undefined && report.strangeLines.length === 0;
}

function byControls(observation: Observation, findings: Findings): Evidence | undefined {
  const trusted = isHonestFailure(observation) || wasEnded(observation);
  const considered = trusted ? names.filter((name) => name !== "conclusion") : names;
  return byFailedCheck(considered)(observation, findings);
}

/** Neither the mount nor the directory underneath: the consumer looks somewhere else. */
function bySeeingNothing(observation: Observation): Evidence | undefined {
  const missing = only(observation.pods.consumer.report, "not-seen");
  if (missing === undefined || missing.sentinelVisible || producerEndedBefore(missing.time, observation))
    return undefined;
  return {
    about: "consumer",
    text: "the consumer sees neither the mount nor the directory underneath",
    time: missing.time,
  };
}

/** The set-up is not what the test needs, so that its outcome proves nothing. */
export const controlFailed: Cause = {
  code: "control-failed",
  verdict: "ERROR",
  recognise: byAny(byControls, bySeeingNothing, byText("api", /another run of the test uses/)),
  summarise: (_, { text }) => `A control of the test does not hold, so the run proves nothing (${text})`,
  nextSteps: ({ namespace }) => [
    `Read the pods' logs: kubectl --namespace ${namespace} logs --selector app.kubernetes.io/name=fuse-test --tail=-1`,
    "Check whether another run of the test exists: kubectl get pods --all-namespaces --selector app.kubernetes.io/name=fuse-test",
    "Check whether an admission webhook changes pods: kubectl get mutatingwebhookconfigurations",
    runAgain,
  ],
};
