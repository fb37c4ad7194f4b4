import { byAny, byText, type Cause, type Evidence, type Findings } from "../cause";
import { runAgain } from "../cause";
import { checkDefinitions } from "../checks";
import type { Observation } from "../observation";
import { only } from "../../protocol/pod-log";
import { producerEndedBefore } from "../producer-ended";
import { byFailedCheck } from "./by-failed-check";

const names = checkDefinitions.filter(({ cause }) => cause === "control-failed").map(({ name }) => name);

/**
 * Returns true for a consumer that reports its own failure and exits accordingly. Its finding is the cause,
 * not its conclusion.
 */
function isHonestFailure({ pods }: Observation): boolean {
  const { report, facts } = pods.consumer;
  const reported = report.events.filter(({ event }) => ["failed", "not-seen", "gave-up"].includes(event));
  return (
    reported.length === 1 &&
    report.conclusion === "failure" &&
    // 2 is the exit status of an ERROR when the consumer judges.
    (facts?.container.exitCode === 1 || facts?.container.exitCode === 2) &&
    report.strangeLines.length === 0
  );
}

/**
 * Returns true for a consumer that was stopped, by a signal or with its pod, before it had reported
 * everything.
 */
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

/**
 * Recognises a consumer that sees neither the mount nor the directory underneath: it reads another directory.
 */
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

/** The setup is not what the test needs, so that its result proves nothing. */
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
