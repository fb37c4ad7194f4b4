import type { ClusterNames } from "../kube/connection";
import { type Role, ROLES } from "../manifests/common";
import type { PodReport } from "../protocol/pod-log";
import type { Message } from "../kube/message";

/** Name of a channel by which a run is observed. */
export type ChannelName = "pods" | "events" | "node" | "programs" | `log of the ${Role}`;

/** State of a channel. Times are milliseconds since 1970 by the observer's clock. */
export type ChannelState =
  | { readonly state: "unread" }
  /** Everything up to that time has been read. For a log: everything it will ever contain. */
  | { readonly state: "read"; readonly at: number }
  | { readonly state: "failing"; readonly since: number; readonly reason: string; readonly text: string };

/** Returns the name of the channel by which a pod's log is read. */
export function logChannel(role: Role): ChannelName {
  return `log of the ${role}`;
}

/** A taint of a node. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** A toleration of a pod; an absent field matches anything. */
export interface PodToleration {
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
}

/** State of a container, from its pod's status. */
export interface ContainerFacts {
  readonly state: "waiting" | "running" | "terminated" | "unknown";
  readonly exitCode?: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message: string;
  readonly imageId: string;
  /** The program's own termination message, never Kubernetes'. */
  readonly left?: string;
}

/** The fields of a pod object that the verdict needs. Times are milliseconds since 1970. */
export interface PodFacts {
  readonly uid: string;
  /** Name of the pod; the API server appends a suffix to that of a Job's pod. */
  readonly name?: string | undefined;
  readonly node: string;
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly created: number | undefined;
  readonly started: number | undefined;
  readonly deleted: boolean;
  readonly container: ContainerFacts;
  /** As the spec names it. */
  readonly image?: string | undefined;
  /** The first difference between the pod and the one that this version creates for the run. */
  readonly difference?: string | undefined;
  /** As the API has it, independent of the pod's own output. */
  readonly spec: {
    readonly privileged: boolean;
    readonly mountPropagation: string;
    readonly hostPath: string;
    readonly runAsUser: number | undefined;
    readonly runAsGroup: number | undefined;
    readonly droppedCapabilities: readonly string[];
    readonly addedCapabilities: readonly string[];
    readonly tolerations: readonly PodToleration[];
  };
}

/** Everything that was observed of one pod. */
export interface PodObservation {
  readonly facts: PodFacts | undefined;
  readonly report: PodReport;
  /** True if the container has terminated, and its whole log was read. */
  readonly logEnded: boolean;
  /** True if the pod was created, and is not among those that the API has listed. */
  readonly absent?: boolean | undefined;
  /** When the facts last changed, by the observer's clock: milliseconds since 1970. */
  readonly since?: number | undefined;
  /**
   * When the container's state or its reason last changed, by the observer's clock: milliseconds since 1970.
   */
  readonly stateSince?: number | undefined;
}

/** The fields of the Node object that the verdict needs. */
export interface NodeFacts {
  readonly exists: boolean;
  readonly ready: boolean;
  readonly readyMessage: string;
  /** When the Ready condition last changed: milliseconds since 1970, to the second. */
  readonly readySince?: number | undefined;
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
  readonly kernel: string;
  readonly kubelet: string;
  readonly runtime: string;
}

/** Parameters of the test. */
export interface Question {
  /** True if the pods were created before the judgement began: a missing one will not appear. */
  readonly podsMade?: boolean | undefined;
  /** Which pod reaches the verdict itself: the consumer, if GitOps runs the test. */
  readonly judge?: "consumer" | undefined;
  readonly run: string;
  /** The cluster, as the kubeconfig names it. */
  readonly cluster?: ClusterNames | undefined;
  readonly node: string;
  readonly namespace: string;
  readonly driver: string;
  readonly image: string;
  readonly hostPath: string;
  readonly timeoutSeconds: number;
}

/** Everything that has been observed of a run up to `now`. The judgement depends on this and nothing else. */
export interface Observation {
  readonly question: Question;
  /** Milliseconds since 1970 by the observer's clock. */
  readonly start: number;
  readonly now: number;
  /** When the run is given up, milliseconds since 1970. */
  readonly deadline: number;
  readonly node: NodeFacts | undefined;
  readonly pods: Readonly<Record<Role, PodObservation>>;
  readonly messages: readonly Message[];
  /** State of each channel; one that is absent was not tried yet. */
  readonly channels: Readonly<Partial<Record<ChannelName, ChannelState>>>;
  /** Comparison of the ConfigMap with the programs of this version; undefined while it was not read. */
  readonly programs: { readonly difference?: string | undefined } | undefined;
  /** Tolerations of the run's pods; undefined if unknown. */
  readonly tolerations: readonly PodToleration[] | undefined;
  /** True if the observer was interrupted. */
  readonly interrupted: boolean;
}

/** Reasons of a terminated container whose program had not run. */
const neverRan = new Set(["StartError", "ContainerCannotRun", "ContainerStatusUnknown"]);

/**
 * Returns true for a pod whose program has started: by its log, or by its container's state if the log cannot
 * be read.
 */
export function hasStarted({ facts, report }: PodObservation): boolean {
  if (report.events.length > 0) return true;
  const { state, reason = "" } = facts?.container ?? {};
  return state === "running" || (state === "terminated" && !neverRan.has(reason));
}

/** Reasons of events about problems before a container starts. They do not matter once it has started. */
const beforeStart =
  /^(?:Failed|FailedMount|FailedAttachVolume|FailedMapVolume|FailedCreatePod\w*|FailedScheduling|BackOff|ErrImageNeverPull|InspectFailed|NetworkNotReady)$/;

/** Reasons of events about problems before the image is pulled. */
const beforePull =
  /^(?:FailedMount|FailedAttachVolume|FailedMapVolume|FailedCreatePod(?!Container)\w*|NetworkNotReady)$/;

/** Reasons of ordinary events after which the volumes and the sandbox exist. */
const pulls = new Set(["Pulling", "Pulled", "Created"]);

function isOver(message: Message, others: readonly Message[]): boolean {
  const { about, reason, time = 0 } = message;
  return (
    beforePull.test(reason) &&
    others.some((other) => other.about === about && pulls.has(other.reason) && (other.time ?? 0) > time)
  );
}

/**
 * Sources in the order in which their texts are preferred if several report the same. A pod's state is
 * present for as long as it holds; an event arrives before or after it.
 */
const preference: readonly Message["source"][] = ["api", "status", "container", "event", "node", "log"];

const subjects: readonly string[] = [
  ...["pods", "events", "node", "programs"],
  ...ROLES.flatMap((role) => [role, `log of the ${role}`]),
];

/** Orders messages by their content, so that the order in which they were seen does not matter. */
function compareMessages(one: Message, other: Message): number {
  return (
    preference.indexOf(one.source) - preference.indexOf(other.source) ||
    subjects.indexOf(one.about) - subjects.indexOf(other.about) ||
    (one.source === "event" ? (one.time ?? 0) - (other.time ?? 0) : 0) ||
    // A log is already in order.
    (one.source === "log" || one.text === other.text ? 0 : one.text < other.text ? -1 : 1)
  );
}

/**
 * Returns every message of the observation: those of the API and events, and those in statuses and logs.
 * Their order does not depend on the order in which they were seen.
 */
export function messagesOf(observation: Observation): Message[] {
  const pods = Object.entries(observation.pods);
  const started = new Set(pods.filter(([, pod]) => hasStarted(pod)).map(([role]) => role));
  const events = observation.messages.filter(({ source }) => source === "event");
  const messages = observation.messages.filter(
    (message) =>
      message.source !== "event" ||
      !(
        (started.has(message.about) && beforeStart.test(message.reason)) ||
        pulls.has(message.reason) ||
        isOver(message, events)
      ),
  );
  for (const [about, { facts, report, since, stateSince }] of pods) {
    if (facts !== undefined) {
      const { container } = facts;
      const time = since === undefined ? {} : { time: since };
      messages.push({ source: "status", about, reason: facts.reason, text: facts.message, ...time });
      messages.push({
        source: "container",
        about,
        reason: container.reason,
        text: container.message,
        ...time,
        ...(stateSince === undefined ? {} : { since: stateSince }),
      });
    }
    for (const event of report.events) {
      if (event.event === "failed")
        messages.push({ source: "log", about, reason: event.stage, text: event.message, time: event.time });
    }
  }
  return messages.filter(({ reason, text }) => reason !== "" || text !== "").sort(compareMessages);
}

const unseen: PodObservation = {
  facts: undefined,
  report: { events: [], conclusion: undefined, strangeLines: [] },
  logEnded: false,
};

/** The pods of a run of which nothing has been observed. */
export const noPodSeen: Observation["pods"] = { producer: unseen, consumer: unseen, control: unseen };
