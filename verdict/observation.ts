import type { ClusterNames } from "../kube/connection";
import type { Role } from "../manifests/common";
import type { PodReport } from "../protocol/pod-log";
import type { Message } from "../kube/message";

/** One of the ways by which a run is observed. */
export type ChannelName = "pods" | "events" | "node" | "programs" | `log of the ${Role}`;

/** How the reading of a channel goes. Times are milliseconds since 1970 by the observer's clock. */
export type ChannelState =
  | { readonly state: "unread" }
  /** All there was at that time has been read. Of a log: all that there will be. */
  | { readonly state: "read"; readonly at: number }
  | { readonly state: "failing"; readonly since: number; readonly reason: string; readonly text: string };

/** Name of the channel by which a pod's log is read. */
export function logChannel(role: Role): ChannelName {
  return `log of the ${role}`;
}

/** A taint of a node. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** A toleration of a pod; an absent field fits anything. */
export interface PodToleration {
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
}

/** How a container is, from its pod's status. */
export interface ContainerFacts {
  readonly state: "waiting" | "running" | "terminated" | "unknown";
  readonly exitCode?: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message: string;
  readonly imageId: string;
  /** What the program itself has left as its termination message. A pod's own words, never Kubernetes'. */
  readonly left?: string;
}

/** What the verdict needs of a pod object. Times in milliseconds since 1970. */
export interface PodFacts {
  readonly uid: string;
  /** Name of the pod; a Job's pod has a name that the API server completed. */
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
  /** The first thing in which the pod is not the one that this version makes for the run. */
  readonly difference?: string | undefined;
  /** As the API holds it, whatever the pod says of itself. */
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

/** One pod, as far as it has been seen. */
export interface PodObservation {
  readonly facts: PodFacts | undefined;
  readonly report: PodReport;
  /** The container has ended, and its whole log was read. */
  readonly logEnded: boolean;
  /** The pod was made, and was not among those that the API has listed. */
  readonly absent?: boolean | undefined;
  /** Since when the pod is as its facts say, by the observer's clock: milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Since when its container is in its state for its reason, by the observer's clock: milliseconds since 1970. */
  readonly stateSince?: number | undefined;
}

/** What the verdict needs of the Node object. */
export interface NodeFacts {
  readonly exists: boolean;
  readonly ready: boolean;
  readonly readyMessage: string;
  /** Since when it is Ready, or is not: milliseconds since 1970, to the second. */
  readonly readySince?: number | undefined;
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
  readonly kernel: string;
  readonly kubelet: string;
  readonly runtime: string;
}

/** What the test was asked to do. */
export interface Question {
  /** Whether the pods were made before this was asked: one that is not there is not to come. */
  readonly podsMade?: boolean | undefined;
  /** Who concludes in the pods themselves: the consumer, where GitOps runs the test. */
  readonly judge?: "consumer" | undefined;
  readonly run: string;
  /** Which cluster is asked, as the kubeconfig names it. */
  readonly cluster?: ClusterNames | undefined;
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
  /** When the run is given up, milliseconds since 1970. */
  readonly deadline: number;
  readonly node: NodeFacts | undefined;
  readonly pods: Readonly<Record<Role, PodObservation>>;
  readonly messages: readonly Message[];
  /** How each channel is; one that is not there was not tried yet. */
  readonly channels: Readonly<Partial<Record<ChannelName, ChannelState>>>;
  /** How the ConfigMap's content compares with the programs of this version; undefined while it was not read. */
  readonly programs: { readonly difference?: string | undefined } | undefined;
  /** Tolerations of the run's pods; undefined where they are not known. */
  readonly tolerations: readonly PodToleration[] | undefined;
  /** The observer was told to stop. */
  readonly interrupted: boolean;
}

/** Reasons of an end at which the program had not run. */
const neverRan = new Set(["StartError", "ContainerCannotRun", "ContainerStatusUnknown"]);

/** True for a pod whose program has started: by its words, or by its container's state where they cannot be read. */
export function hasStarted({ facts, report }: PodObservation): boolean {
  if (report.events.length > 0) return true;
  const { state, reason = "" } = facts?.container ?? {};
  return state === "running" || (state === "terminated" && !neverRan.has(reason));
}

/** Reasons of events that tell of trouble before a container starts. They do not matter once it has. */
const beforeStart =
  /^(?:Failed|FailedMount|FailedAttachVolume|FailedMapVolume|FailedCreatePod\w*|FailedScheduling|BackOff|ErrImageNeverPull|InspectFailed|NetworkNotReady)$/;

/** Reasons of events that tell of trouble before the image is pulled. */
const beforePull =
  /^(?:FailedMount|FailedAttachVolume|FailedMapVolume|FailedCreatePod(?!Container)\w*|NetworkNotReady)$/;

/** Reasons of ordinary events after which the volumes and the sandbox are there. */
const pulls = new Set(["Pulling", "Pulled", "Created"]);

function isOver(message: Message, others: readonly Message[]): boolean {
  const { about, reason, time = 0 } = message;
  return (
    beforePull.test(reason) &&
    others.some((other) => other.about === about && pulls.has(other.reason) && (other.time ?? 0) > time)
  );
}

/**
 * Sources in the order in which their words are taken when several say the same. A pod's state is there for as long as
 * it holds; an event arrives before or after it.
 */
const preference: readonly Message["source"][] = ["api", "status", "container", "event", "node", "log"];

const subjects: readonly string[] = [
  ...["pods", "events", "node", "programs"],
  ...["producer", "consumer", "control"].flatMap((role) => [role, `log of the ${role}`]),
];

/** Orders messages by what they are, so that it does not matter which of them was seen first. */
function compareMessages(one: Message, other: Message): number {
  return (
    preference.indexOf(one.source) - preference.indexOf(other.source) ||
    subjects.indexOf(one.about) - subjects.indexOf(other.about) ||
    (one.source === "event" ? (one.time ?? 0) - (other.time ?? 0) : 0) ||
    // A log is in order.
    (one.source === "log" || one.text === other.text ? 0 : one.text < other.text ? -1 : 1)
  );
}

/**
 * Returns every message of the observation: those of the API and events, and those in statuses and logs. Their order
 * does not depend on the order in which they were seen.
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

/** The pods of a run of which nothing has been seen. */
export const noPodSeen: Observation["pods"] = { producer: unseen, consumer: unseen, control: unseen };
