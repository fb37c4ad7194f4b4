/** One message about the test: of the API server, an event, a pod's status or log, or the node. */
export interface Message {
  readonly source: "event" | "status" | "container" | "log" | "api" | "node";
  /** The subject: `producer`, `consumer`, `control`, or the name of another object. */
  readonly about: string;
  /**
   * Kubernetes' reason, such as `Failed`; a stage for a log; for the API an HTTP status, one of `apiReasons`, or the
   * code of the connection's error.
   */
  readonly reason: string;
  readonly text: string;
  /** Time by the sender's clock: milliseconds since 1970. */
  readonly time?: number;
  /** Start of a transient condition, milliseconds since 1970. */
  readonly since?: number;
  /** Number of occurrences, if it is known. */
  readonly count?: number;
}

/** Reasons of messages about an API server that can be reached, in addition to HTTP statuses. */
export const apiReasons = {
  /** The kubeconfig's credentials could not be obtained, so no request was sent. */
  credentials: "credentials",
  /** It responds, but not in time to the creation of a pod. */
  lateAdmission: "late-admission",
  /** It refuses a pod for a reason that is neither a right nor an admission plugin's. */
  refused: "refused",
  /** It reports an error of its own, or that it is overloaded, each time it is asked. */
  lasting: "lasting-error",
  /** The response is not one of a Kubernetes API server. */
  foreign: "not-kubernetes",
} as const;
