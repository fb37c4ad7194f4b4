import type { Role } from "../manifests/common";
import type { PodReport } from "./pod-log";

/** Something that was said about the test, by whomever. */
export interface Message {
  readonly source: "event" | "status" | "container" | "log" | "api" | "node";
  /** What it is about: `producer`, `consumer`, `control`, or the name of another object. */
  readonly about: string;
  /** Kubernetes' reason, such as `Failed`; an HTTP status for the API; a stage for a log. */
  readonly reason: string;
  readonly text: string;
}

/** How a container is, from its pod's status. */
export interface ContainerFacts {
  readonly state: "waiting" | "running" | "terminated" | "unknown";
  readonly exitCode?: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message: string;
  readonly imageId: string;
}

/** What the verdict needs of a pod object. Times in milliseconds since 1970. */
export interface PodFacts {
  readonly uid: string;
  readonly node: string;
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly created: number | undefined;
  readonly started: number | undefined;
  readonly deleted: boolean;
  readonly container: ContainerFacts;
  /** As the API holds it, whatever the pod says of itself. */
  readonly spec: {
    readonly privileged: boolean;
    readonly mountPropagation: string;
    readonly hostPath: string;
    readonly runAsUser: number | undefined;
    readonly runAsGroup: number | undefined;
    readonly droppedCapabilities: readonly string[];
    readonly addedCapabilities: readonly string[];
  };
}

/** One pod, as far as it has been seen. */
export interface PodObservation {
  readonly facts: PodFacts | undefined;
  readonly report: PodReport;
  /** The container has ended, and its whole log was read. */
  readonly logEnded: boolean;
}

/** What the verdict needs of the Node object. */
export interface NodeFacts {
  readonly exists: boolean;
  readonly ready: boolean;
  readonly readyMessage: string;
  readonly unschedulable: boolean;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly kernel: string;
  readonly kubelet: string;
  readonly runtime: string;
}

/** What the test was asked to do. */
export interface Question {
  readonly run: string;
  readonly node: string;
  readonly namespace: string;
  readonly driver: string;
  readonly image: string;
  readonly hostPath: string;
  readonly timeoutSeconds: number;
}

/** Everything that has been seen of a run up to `now`. The judgement depends on this and nothing else. */
export interface Observation {
  readonly question: Question;
  /** Milliseconds since 1970 by the observer's clock. */
  readonly start: number;
  readonly now: number;
  readonly node: NodeFacts | undefined;
  readonly pods: Readonly<Record<Role, PodObservation>>;
  readonly messages: readonly Message[];
  /** The observer was told to stop. */
  readonly interrupted: boolean;
}

/** Every message of the observation: those of the API and events, and those in statuses and logs. */
export function messagesOf(observation: Observation): Message[] {
  const messages = [...observation.messages];
  for (const [about, { facts, report }] of Object.entries(observation.pods)) {
    if (facts !== undefined) {
      const { container } = facts;
      messages.push({ source: "status", about, reason: facts.reason, text: facts.message });
      messages.push({ source: "container", about, reason: container.reason, text: container.message });
    }
    for (const event of report.events) {
      if (event.event === "failed")
        messages.push({ source: "log", about, reason: event.stage, text: event.message });
    }
  }
  return messages.filter(({ reason, text }) => reason !== "" || text !== "");
}
