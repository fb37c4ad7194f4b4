/** One message about the test: of the API server, an event, a pod's status or log, or the node. */
export interface Message {
  readonly source: "event" | "status" | "container" | "log" | "api" | "node";
  /** What it is about: `producer`, `consumer`, `control`, or the name of another object. */
  readonly about: string;
  /**
   * Kubernetes' reason, such as `Failed`; a stage for a log; for the API an HTTP status, one of `apiReasons`, or what
   * the connection says.
   */
  readonly reason: string;
  readonly text: string;
  /** When it was said, by the clock of whoever said it: milliseconds since 1970. */
  readonly time?: number;
  /** For what may heal by itself: since when it is so, milliseconds since 1970. */
  readonly since?: number;
  /** How often it was said, where that is known. */
  readonly count?: number;
}

/** Reasons of messages about an API server that can be reached, beside HTTP statuses. */
export const apiReasons = {
  /** The kubeconfig's credentials could not be had, so that nobody was asked. */
  credentials: "credentials",
  /** It answers, and does not say in time whether it admits a pod. */
  lateAdmission: "late-admission",
  /** The answer is none of a Kubernetes API server. */
  foreign: "not-kubernetes",
} as const;
