import type { Findings } from "./cause";
import { causes } from "./causes";
import { type Found, withoutConsequences } from "./causes/consequences";
import { areLogsRead, outlivedFrom } from "./channels";
import { runChecks } from "./check";
import { checkDefinitions } from "./checks";
import type { Check, Run, Timings, Verdict } from "../protocol/verdict";
import { parseMount, propagation } from "./mountinfo";
import type { Observation, Question } from "./observation";
import { all, only } from "../protocol/pod-log";
import { producerEndedBefore } from "./producer-ended";
import { hideSecrets } from "../kube/secrets";
import { capitalised, withArticle } from "./words";

/** A verdict without the folder of its report, which is not the judgement's to know. */
export type Judgement = Omit<Verdict, "report">;

/** A verdict that is certain. */
export interface Certain {
  readonly certain: true;
  readonly judgement: Judgement;
  /** From when on it could be said, milliseconds since 1970; undefined where nobody knows. */
  readonly decisive: number | undefined;
}

/** Either the verdict is certain, or something is still waited for. */
export type Decision =
  Certain | { readonly certain: false; readonly waitingFor: string; readonly checks: readonly Check[] };

/** What a reader finds once the producer has ended is not the mount's failure. */
function findCauses(observation: Observation, findings: Findings): Found[] {
  return causes.flatMap((cause) => {
    const evidence = cause.recognise(observation, findings);
    if (evidence === undefined) return [];
    const { time = observation.now } = evidence;
    if (cause.verdict === "FAILURE" && producerEndedBefore(time, observation)) return [];
    return [{ cause, evidence }];
  });
}

/** What the run is waiting for: the first check that cannot be decided yet. */
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
    // The producer reads its mount before it says that it is there: a consumer may be first to say so.
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

/** Where a cause is explained, for the summary. */
function page(code: string): string {
  return `docs/troubleshooting.md#${code}`;
}

/** Longer words are cut in a summary; the evidence has them whole. */
const LONGEST_QUOTE = 700;

/** Somebody else's words in one line, without secrets. */
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
    summary: `${cause.summarise(question, safe)}. See ${page(cause.code)}`,
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
      "Go on to a containerised proof of concept of the real driver (Decypharr); SMB is not needed",
    ],
  };
}

/** What was so before the run is decisive from its start on. */
function decisiveMoment(observation: Observation, time: number | undefined): number | undefined {
  return time === undefined ? undefined : Math.max(time, observation.start);
}

/** The verdict on what stops the test, where anything does. */
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

/** Checks that ask whether the producer had ended, which a line of its log says that may not be read yet. */
const ofOtherLogs = new Set(["consumer", "control-looks", "bridge-clean"]);

/** Returns true for what is only so if the producer had not ended. */
function needsProducer({ cause, evidence }: Found): boolean {
  return cause.verdict === "FAILURE" || (cause.code === "control-failed" && ofOtherLogs.has(evidence.about));
}

/** Returns true for what can be taken back by what was not read yet. The deadline ends all waiting. */
function isOpen(found: Found, observation: Observation): boolean {
  return observation.now < observation.deadline && needsProducer(found) && !areLogsRead(observation);
}

/** Returns when a cause was certain, milliseconds since 1970; undefined when nobody knows. */
function certainFrom(found: Found, observation: Observation): number | undefined {
  const { time } = found.evidence;
  if (time === undefined || !needsProducer(found) || observation.pods.producer.logEnded) return time;
  return Math.min(Math.max(time, outlivedFrom(observation)), observation.deadline);
}

/** Judges what has been seen so far. A SUCCESS needs every check to be decided and none to have failed. */
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
      waitingFor: "the logs to be read to their end, and the producer to outlive the others",
    };
  const last = observation.start + Math.max(...checks.map(({ milliseconds }) => milliseconds));
  return {
    certain: true,
    judgement: { ...answer, checks, timings: timingsOf(observation), run: runOf(observation) },
    decisive: decisiveMoment(observation, root === undefined ? last : certainFrom(root, observation)),
  };
}
