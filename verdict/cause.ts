import type { Check } from "../protocol/verdict";
import { hasStarted, messagesOf, type Observation, type Question } from "./observation";
import type { Message } from "../kube/message";

/** The observation that proves a cause: a text, and its subject. */
export interface Evidence {
  readonly about: string;
  readonly text: string;
  /**
   * When the cause became certain, milliseconds since 1970. For a cause that must last before it counts, the
   * end of that time. Undefined if unknown.
   */
  readonly time?: number | undefined;
}

/** Results that are derived from an observation before causes are considered. */
export interface Findings {
  /** The checks that could be decided so far. */
  readonly checks: readonly Check[];
  /** Subject of the current wait. */
  readonly waitingFor: string;
}

/** Finds a cause in an observation. */
export interface Recogniser {
  (observation: Observation, findings: Findings): Evidence | undefined;
  /** Returns true if a message means the cause, however long it has to last before it counts. */
  readonly means?: ((message: Message, question: Question) => boolean) | undefined;
}

/** One entry of the catalogue. */
export interface Cause {
  readonly code: string;
  readonly verdict: "FAILURE" | "ERROR";
  /** Finds the cause; undefined if nothing indicates it. */
  readonly recognise: Recogniser;
  /** One sentence, without a full stop, that a person can act on. */
  readonly summarise: (question: Question, evidence: Evidence) => string;
  /** Next steps, with the command to type. */
  readonly nextSteps: (question: Question, evidence: Evidence) => readonly string[];
}

/** Source of a text: the API server, the kubelet with its runtime, or the producer's driver. */
export type Speaker = "api" | "kubelet" | "driver";

function isOf(speaker: Speaker, { source, about }: Message): boolean {
  if (speaker === "api") return source === "api";
  if (speaker === "driver") return source === "log" && about === "producer";
  return source === "event" || source === "status" || source === "container";
}

/** Returns the time for which a message must last before it counts, in milliseconds. */
type Patience = (message: Message) => number;

/**
 * Recognises a cause by the meaning of a message; a transient condition counts only after it has lasted long
 * enough. Its meaning does not depend on that.
 */
export function byMeaning(
  means: (message: Message, question: Question) => boolean,
  patience: Patience = () => 0,
): Recogniser {
  const recognise = (observation: Observation): Evidence | undefined =>
    findMessage(observation, (message) => means(message, observation.question), patience);
  return Object.assign(recognise, { means });
}

/** Returns the first matching message as evidence. */
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
  // A condition that was not watched from its beginning was not waited for.
  const decisive = since !== undefined && waited > 0 ? since + waited : (time ?? since);
  return { about, text: text === "" ? reason : text, time: decisive };
}

/**
 * Removes the prefix that the kubelet adds in an event but not in the pod's state, or the other way round
 * (pkg/kubelet/kuberuntime/kuberuntime_container.go, startContainer; pkg/kubelet/kubelet.go, rejectPod).
 */
function withoutIntroduction(text: string): string {
  return text.replace(/^(?:Error: |Pod was rejected: )(?=.)/, "");
}

/** A regular expression, or a predicate that takes the test's own paths into account. */
export type Pattern = RegExp | ((text: string, question: Question) => boolean);

function matches(pattern: Pattern, text: string, question: Question): boolean {
  return typeof pattern === "function" ? pattern(text, question) : pattern.test(text);
}

/**
 * Undoes the escapes of quotation marks: CRI-O and Docker quote the text of a runtime within their own, once or twice.
 */
function withPlainQuotes(text: string): string {
  return text.replace(/\\+"/g, '"');
}

/** Recognises a cause by the text of one speaker, so that a pod's output cannot pass for the API server's. */
export function byText(speaker: Speaker, ...patterns: readonly Pattern[]): Recogniser {
  return byMeaning((message, question) => {
    if (!isOf(speaker, message)) return false;
    const text = speaker === "kubelet" ? withPlainQuotes(message.text) : message.text;
    return patterns.some((pattern) => matches(pattern, text, question));
  });
}

/** Recognises a cause by the kubelet's reason. */
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

/**
 * Returns true for a permanent condition, and for a transient one that has lasted for the given milliseconds.
 */
function hasLasted(observation: Observation, message: Message, milliseconds: number): boolean {
  return message.since === undefined || observation.now - message.since >= milliseconds;
}

/**
 * Returns true while a pod of the run has not started its program, so that obstacles to its start still
 * matter.
 */
export function isWaiting({ pods }: Observation): boolean {
  return Object.values(pods).some((pod) => !hasStarted(pod));
}

/** Recognises a cause by the first of several recognisers that matches. */
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
