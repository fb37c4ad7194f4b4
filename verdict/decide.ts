import type { Findings } from "./cause";
import { causes } from "./causes";
import { type Found, withoutConsequences } from "./causes/consequences";
import { areLogsRead, outlivedSince } from "./channels";
import { runChecks } from "./check";
import { checkDefinitions } from "./checks";
import type { Check, Run, Timings, Verdict } from "../protocol/verdict";
import { parseMount, propagation } from "./mountinfo";
import type { Observation, Question } from "./observation";
import { all, only } from "../protocol/pod-log";
import { producerEndedBefore } from "./producer-ended";
import { hideSecrets } from "../kube/secrets";
import { capitalised, pageOf, withArticle } from "./words";

/** A verdict without the folder of its report, which the judgement does not depend on. */
export type Judgement = Omit<Verdict, "report">;

/** A verdict that is certain. */
export interface Certain {
  readonly certain: true;
  readonly judgement: Judgement;
  /** When the verdict became certain, milliseconds since 1970; undefined if unknown. */
  readonly decisive: number | undefined;
}

/** A verdict that is certain, or the subject of the current wait. */
export type Decision =
  Certain | { readonly certain: false; readonly waitingFor: string; readonly checks: readonly Check[] };

/**
 * Recognises causes. What a reader observes after the producer has terminated is not a failure of the mount.
 */
function findCauses(observation: Observation, findings: Findings): Found[] {
  return causes.flatMap((cause) => {
    const evidence = cause.recognise(observation, findings);
    if (evidence === undefined) return [];
    const { time = observation.now } = evidence;
    if (cause.verdict === "FAILURE" && producerEndedBefore(time, observation)) return [];
    return [{ cause, evidence }];
  });
}

/** Returns the subject of the current wait: the first check that cannot be decided yet. */
function waitingFor(observation: Observation, checks: readonly Check[]): string {
  for (const [role, pod] of Object.entries(observation.pods)) {
    if (pod.facts === undefined) return `the ${role} pod to be created`;
    if (all(pod.report, "started").length === 0) return `the ${role} to start`;
  }
  const undecided = checkDefinitions.find(({ name }) => !checks.some((check) => check.name === name));
  return undecided === undefined ? "nothing" : `${undecided.name}: ${undecided.expected}`;
}

function sinceStart(observation: Observation, time: number | undefined): number | null {
  return time === undefined ? null : Math.max(0, Math.round(time - observation.start));
}

function timingsOf(observation: Observation): Timings {
  const { producer, consumer } = observation.pods;
  const mounted = only(producer.report, "mounted")?.time;
  const seen = only(consumer.report, "seen")?.time;
  return {
    created: sinceStart(observation, producer.facts?.created),
    scheduled: sinceStart(observation, producer.facts?.started),
    // The producer reads its mount before it reports it: a consumer may report it first.
    producerMounted: sinceStart(
      observation,
      mounted === undefined || seen === undefined ? mounted : Math.min(mounted, seen),
    ),
    consumerSaw: sinceStart(observation, seen),
    verdict: Math.round(observation.now - observation.start),
  };
}

function runOf(observation: Observation): Run {
  const { question, node, pods } = observation;
  const bridge = parseMount(only(pods.producer.report, "started")?.bridge ?? "");
  return {
    id: question.run,
    start: new Date(observation.start).toISOString(),
    end: new Date(observation.now).toISOString(),
    ...(question.cluster ?? { cluster: "", context: "", server: "" }),
    node: question.node,
    namespace: question.namespace,
    driver: question.driver,
    image: question.image,
    imageDigest: pods.producer.facts?.container.imageId ?? "",
    kernel: node?.kernel ?? "",
    kubelet: node?.kubelet ?? "",
    runtime: node?.runtime ?? "",
    propagation: bridge === undefined ? "" : propagation(bridge),
  };
}

/** Length to which a quoted text is cut in a summary; the evidence has all of it. */
const LONGEST_QUOTE = 700;

/** Formats foreign text in one line, without secrets. */
function quote(text: string): string {
  const line = hideSecrets(text).replace(/\s+/g, " ").trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}...` : line;
}

function blame(
  found: readonly Found[],
  question: Question,
): Pick<Verdict, "verdict" | "cause" | "otherCauses" | "summary" | "nextSteps"> | undefined {
  const [root, ...others] = withoutConsequences(found);
  if (root === undefined) return undefined;
  const { cause, evidence } = root;
  const safe = { ...evidence, text: quote(evidence.text) };
  return {
    verdict: cause.verdict,
    cause: cause.code,
    otherCauses: others.map((other) => other.cause.code),
    summary: `${cause.summarise(question, safe)}. See ${pageOf(cause.code)}`,
    nextSteps: [...cause.nextSteps(question, safe)],
  };
}

function succeed(question: Question): Omit<Judgement, "checks" | "timings" | "run"> {
  return {
    verdict: "SUCCESS",
    cause: "",
    otherCauses: [],
    summary: `${capitalised(withArticle(question.driver))} mount made in one pod is read by another pod on ${question.node}`,
    nextSteps: [
      "Record the result",
      "Continue with a containerised proof of concept of the real driver (Decypharr); SMB is not needed",
    ],
  };
}

/** Returns when a cause became certain: a condition from before the run counts from the run's start. */
function decisiveMoment(observation: Observation, time: number | undefined): number | undefined {
  return time === undefined ? undefined : Math.max(time, observation.start);
}

/** Returns the verdict on a problem that stops the test, if there is one. */
export function findProblem(observation: Observation): Certain | undefined {
  const found = findCauses(observation, { checks: [], waitingFor: "nothing" });
  const answer = blame(found, observation.question);
  if (answer === undefined) return undefined;
  return {
    certain: true,
    judgement: { ...answer, checks: [], timings: timingsOf(observation), run: runOf(observation) },
    decisive: decisiveMoment(observation, found[0]?.evidence.time),
  };
}

/** Checks that depend on whether the producer had terminated, which its log may not show yet. */
const ofOtherLogs = new Set(["consumer", "control-looks", "bridge-clean"]);

/** Returns true for a cause that holds only if the producer had not terminated. */
function needsProducer({ cause, evidence }: Found): boolean {
  return cause.verdict === "FAILURE" || (cause.code === "control-failed" && ofOtherLogs.has(evidence.about));
}

/** Returns true for a cause that an unread log can refute. After the deadline it counts. */
function isOpen(found: Found, observation: Observation): boolean {
  return observation.now < observation.deadline && needsProducer(found) && !areLogsRead(observation);
}

/** Returns when a cause was certain, milliseconds since 1970; undefined if unknown. */
function certainSince(found: Found, observation: Observation): number | undefined {
  const { time } = found.evidence;
  if (time === undefined || !needsProducer(found) || observation.pods.producer.logEnded) return time;
  return Math.min(Math.max(time, outlivedSince(observation)), observation.deadline);
}

/** Judges the observation so far. A SUCCESS needs every check to be decided and none to have failed. */
export function decide(observation: Observation): Decision {
  const { question } = observation;
  const checks = runChecks(checkDefinitions, observation).map((check) => ({
    ...check,
    observed: hideSecrets(check.observed),
  }));
  const findings = { checks, waitingFor: waitingFor(observation, checks) };
  const holds = checks.length === checkDefinitions.length && checks.every(({ passed }) => passed !== false);
  const found = holds ? [] : findCauses(observation, findings);
  const answer = holds ? succeed(question) : blame(found, question);
  if (answer === undefined) return { certain: false, ...findings };
  const [root] = found;
  if (root !== undefined && isOpen(root, observation))
    return {
      certain: false,
      checks,
      waitingFor: "the logs to be complete, and the producer to outlive the others",
    };
  const last = observation.start + Math.max(...checks.map(({ milliseconds }) => milliseconds));
  return {
    certain: true,
    judgement: { ...answer, checks, timings: timingsOf(observation), run: runOf(observation) },
    decisive: decisiveMoment(observation, root === undefined ? last : certainSince(root, observation)),
  };
}
