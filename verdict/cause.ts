import type { Check } from "../protocol/verdict";
import { hasStarted, messagesOf, type Observation, type Question } from "./observation";
import type { Message } from "../kube/message";

/** What shows that a cause holds: the words, and what they were said of. */
export interface Evidence {
  readonly about: string;
  readonly text: string;
  /**
   * The decisive moment: from when on the cause could be named, milliseconds since 1970. Where a cause has to last
   * before it counts, the end of that time. Undefined where nobody knows.
   */
  readonly time?: number | undefined;
}

/** What follows from an observation before causes are looked for. */
export interface Findings {
  /** The checks that could be decided so far. */
  readonly checks: readonly Check[];
  /** What the run is waiting for. */
  readonly waitingFor: string;
}

/** Looks for a cause in an observation. */
export interface Recogniser {
  (observation: Observation, findings: Findings): Evidence | undefined;
  /** Whether a message stands for the cause, however long that has to last before it counts. */
  readonly means?: ((message: Message, question: Question) => boolean) | undefined;
}

/** One entry of the catalogue. */
export interface Cause {
  readonly code: string;
  readonly verdict: "FAILURE" | "ERROR";
  /** Looks for the cause; undefined where nothing shows it. */
  readonly recognise: Recogniser;
  /** One sentence, without full stop, for a person who can act on it. */
  readonly summarise: (question: Question, evidence: Evidence) => string;
  /** What to do now, with the command to type. */
  readonly nextSteps: (question: Question, evidence: Evidence) => readonly string[];
}

/** Where words come from: the API server, the kubelet with its runtime, or the producer's driver. */
export type Speaker = "api" | "kubelet" | "driver";

function isOf(speaker: Speaker, { source, about }: Message): boolean {
  if (speaker === "api") return source === "api";
  if (speaker === "driver") return source === "log" && about === "producer";
  return source === "event" || source === "status" || source === "container";
}

/** How long a message has to last before it counts, in milliseconds. */
type Patience = (message: Message) => number;

/**
 * Recognises a cause by what a message means; one that may heal by itself counts once it has lasted long enough. What
 * it means does not depend on that.
 */
export function byMeaning(
  means: (message: Message, question: Question) => boolean,
  patience: Patience = () => 0,
): Recogniser {
  const recognise = (observation: Observation): Evidence | undefined =>
    findMessage(observation, (message) => means(message, observation.question), patience);
  return Object.assign(recognise, { means });
}

/** The first message that fits, as evidence. */
export function findMessage(
  observation: Observation,
  fits: (message: Message) => boolean,
  patience: Patience = () => 0,
): Evidence | undefined {
  const message = messagesOf(observation).find(
    (one) => fits(one) && hasLasted(observation, one, patience(one)),
  );
  if (message === undefined) return undefined;
  const { source, about, reason, time, since } = message;
  const text = source === "event" || source === "status" ? withoutIntroduction(message.text) : message.text;
  const waited = patience(message);
  // What was not watched from its beginning was not waited for.
  const decisive = since !== undefined && waited > 0 ? since + waited : (time ?? since);
  return { about, text: text === "" ? reason : text, time: decisive };
}

/**
 * Removes what the kubelet puts before words in an event, and not in the pod's state, or the other way round
 * (pkg/kubelet/kuberuntime/kuberuntime_container.go, startContainer; pkg/kubelet/kubelet.go, rejectPod).
 */
function withoutIntroduction(text: string): string {
  return text.replace(/^(?:Error: |Pod was rejected: )(?=.)/, "");
}

/** Words to look for, or a look at them for which the test's own paths matter. */
export type Pattern = RegExp | ((text: string, question: Question) => boolean);

function matches(pattern: Pattern, text: string, question: Question): boolean {
  return typeof pattern === "function" ? pattern(text, question) : pattern.test(text);
}

/** Recognises a cause by words of one speaker. What a pod prints can so never pass for the API's words. */
export function byText(speaker: Speaker, ...patterns: readonly Pattern[]): Recogniser {
  return byMeaning(
    (message, question) =>
      isOf(speaker, message) && patterns.some((pattern) => matches(pattern, message.text, question)),
  );
}

/** Recognises a cause by the reason that the kubelet gives. */
export function byReason(...reasons: readonly (string | RegExp)[]): Recogniser {
  return byMeaning(
    (message) =>
      isOf("kubelet", message) &&
      reasons.some((reason) =>
        typeof reason === "string" ? reason === message.reason : reason.test(message.reason),
      ),
  );
}

/** Recognises a cause by the stage at which the producer's program failed. */
export function byStage(...stages: readonly string[]): Recogniser {
  return byMeaning((message) => isOf("driver", message) && stages.includes(message.reason));
}

/** True for what does not heal, and for what has had the time to heal: milliseconds. */
function hasLasted(observation: Observation, message: Message, milliseconds: number): boolean {
  return message.since === undefined || observation.now - message.since >= milliseconds;
}

/** True while a pod of the run has not started its program: what stands in its way still matters. */
export function isWaiting({ pods }: Observation): boolean {
  return Object.values(pods).some((pod) => !hasStarted(pod));
}

/** Recognises a cause by any of several ways, the first that fits. */
export function byAny(...ways: readonly Recogniser[]): Recogniser {
  const recognise = (observation: Observation, findings: Findings): Evidence | undefined => {
    for (const way of ways) {
      const evidence = way(observation, findings);
      if (evidence !== undefined) return evidence;
    }
    return undefined;
  };
  const means = (message: Message, question: Question): boolean =>
    ways.some((way) => way.means?.(message, question) === true);
  return Object.assign(recognise, { means });
}

/** The last step of many causes. */
export const runAgain = "Run the test again: npm run again";
