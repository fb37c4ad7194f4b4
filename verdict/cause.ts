import type { Check } from "./contract";
import { type Message, messagesOf, type Observation, type Question } from "./observation";

/** What shows that a cause holds: the words, and what they were said of. */
export interface Evidence {
  readonly about: string;
  readonly text: string;
}

/** What follows from an observation before causes are looked for. */
export interface Findings {
  /** The checks that could be decided so far. */
  readonly checks: readonly Check[];
  /** What the run is waiting for. */
  readonly waitingFor: string;
}

/** One entry of the catalogue. */
export interface Cause {
  readonly code: string;
  readonly verdict: "FAILURE" | "ERROR";
  /** Looks for the cause; undefined where nothing shows it. */
  readonly recognise: (observation: Observation, findings: Findings) => Evidence | undefined;
  /** One sentence, without full stop, for a person who can act on it. */
  readonly summarise: (question: Question, evidence: Evidence) => string;
  /** What to do now, with the command to type. */
  readonly nextSteps: (question: Question, evidence: Evidence) => readonly string[];
}

/** The first message that fits, as evidence. */
export function findMessage(
  observation: Observation,
  fits: (message: Message) => boolean,
): Evidence | undefined {
  const message = messagesOf(observation).find(fits);
  return message && { about: message.about, text: message.text === "" ? message.reason : message.text };
}

/** Recognises a cause by words in any message's text. */
export function byText(...patterns: readonly RegExp[]): Cause["recognise"] {
  return (observation) =>
    findMessage(observation, ({ text }) => patterns.some((pattern) => pattern.test(text)));
}

/** Recognises a cause by the reason that Kubernetes gives. */
export function byReason(...reasons: readonly string[]): Cause["recognise"] {
  return (observation) => findMessage(observation, ({ reason }) => reasons.includes(reason));
}

/** Recognises a cause by any of several ways, the first that fits. */
export function byAny(...ways: readonly Cause["recognise"][]): Cause["recognise"] {
  return (observation, findings) => {
    for (const way of ways) {
      const evidence = way(observation, findings);
      if (evidence !== undefined) return evidence;
    }
    return undefined;
  };
}
