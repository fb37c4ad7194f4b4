import type { Role } from "../../../manifests/common";
import type { NodeFacts, Observation, PodObservation } from "../../../verdict/observation";
import type { Message } from "../../../kube/message";
import { type LogLine, only } from "../../../protocol/pod-log";
import {
  consumerFailing,
  observed,
  passing,
  passingFacts,
  passingLog,
  producerFailing,
  saying,
  START,
} from "../../support/observations";
import { fixtures } from "./fixtures";

/** The least by which one cause is recognised, so that several can be put into one observation. */
export interface Scene {
  readonly cause: string;
  readonly messages?: readonly Message[];
  readonly node?: Partial<NodeFacts>;
  /** Pods that are not as they should be. */
  readonly pods?: Partial<Readonly<Record<Role, PodObservation>>>;
  /** Pods that must be as in a run that passes. */
  readonly needs?: readonly Role[];
  /** Causes that are seen beside it, because they follow from it. */
  readonly also?: readonly string[];
  readonly changes?: Pick<Partial<Observation>, "now" | "interrupted">;
}

function logOf(role: Role, count: number, ...events: readonly object[]): LogLine[] {
  const added = events.map((event, index) => ({
    time: START + 1100 + index,
    text: JSON.stringify({ run: "r1", role, ...event }),
  }));
  return [...passingLog(role).slice(0, count), ...added];
}

/** A consumer that says why it failed, and ends with its last line and status. */
function failingConsumer(...events: readonly object[]): PodObservation {
  const facts = passingFacts("consumer");
  const last = { time: START + 1200, text: "FAILURE: Producer marker never appeared" };
  const container = { ...facts.container, exitCode: 1, reason: "Error" };
  return observed("consumer", [...logOf("consumer", 2, ...events), last], { ...facts, container });
}

const tmpfs = passingLog("consumer").map((line) => ({
  ...line,
  text: line.text.replace("- fuse.rclone ", "- tmpfs "),
}));
const changed = passingLog("consumer").map((line) => ({
  ...line,
  text: line.text.replace("2".repeat(64), "9".repeat(64)),
}));

/** As the consumer says it on a node with SELinux, whose mode lets every user in. */
const selinux =
  "stat: cannot statx '/mnt/dfs/.': Permission denied (mode 755, owner 0:0, label system_u:object_r:user_tmp_t:s0; " +
  "seen by uid 10001, confined as system_u:system_r:container_t:s0:c12,c345)";

const seenByControl = observed(
  "control",
  logOf(
    "control",
    2,
    { event: "seen", polls: 1, mountinfo: "36 35 0:55 / /mnt/dfs/mount rw - fuse b rw" },
    { event: "examined" },
  ),
);

function reading(stage: string, message: string): Pick<Scene, "pods" | "needs"> {
  return {
    pods: { consumer: consumerFailing(stage, message).pods.consumer },
    needs: ["producer", "control"],
  };
}

/** Reasons of pods in phase Failed, as kubelets, their node's shutdown and their admission give them. */
const failedPods: readonly (readonly [reason: string, message: string])[] = [
  [
    "UnexpectedAdmissionError",
    "Allocate failed due to requested number of devices unavailable for example.com/fuse, which is unexpected",
  ],
  ["NodeShutdown", "Pod was rejected as the node is shutting down."],
  ["Terminated", "Pod was terminated in response to imminent node shutdown."],
  ["AppArmor", 'Cannot enforce AppArmor: profile "x" is not loaded'],
  ["TopologyAffinityError", "Resources cannot be allocated with Topology locality"],
  ["DeadlineExceeded", "Pod was active on the node longer than the specified deadline"],
  ["NewReasonOfNextYear", "no user knows it yet"],
  ["", "it has no reason, only words"],
];

function failed(reason: string, message: string): PodObservation {
  const container = { state: "waiting", reason: "ContainerCreating", message: "", imageId: "" } as const;
  return observed("control", [], {
    ...passingFacts("control"),
    ...{ phase: "Failed", reason, message, container },
  });
}

/** What the API server says of a kubelet whose log it cannot have, and of anything else that lasts. */
const failing: readonly (readonly [about: string, reason: string, text: string])[] = [
  [
    "log of the consumer",
    "500",
    'Get "https://10.0.0.5:10250/containerLogs/fuse-test/fuse-consumer/consumer": remote error: tls: internal error',
  ],
  [
    "log of the producer",
    "500",
    'Get "https://10.0.0.5:10250/containerLogs/fuse-test/fuse-producer/producer": proxy error from 127.0.0.1:6443 while dialing 10.0.0.5:10250, code 502: 502 Bad Gateway',
  ],
  [
    "log of the control",
    "500",
    'Get "https://10.0.0.5:10250/containerLogs/fuse-test/fuse-control/control": dial tcp 10.0.0.5:10250: i/o timeout',
  ],
  [
    "log of the consumer",
    "403",
    "Forbidden (user=kube-apiserver, verb=get, resource=nodes, subresource=proxy)",
  ],
  ["log of the consumer", "401", "the server has asked for the client to provide credentials"],
  ["log of the consumer", "ECONNRESET", "aborted"],
  ["events", "500", "etcdserver: request timed out"],
  ["pods", "ECONNRESET", "the connection was closed in the middle of the answer"],
];

/** Scenes of what is seen and not said. */
const seen: readonly Scene[] = [
  {
    cause: "foreign-pods",
    pods: {
      control: observed("control", passingLog("control"), {
        ...passingFacts("control"),
        difference: "spec.initContainers: expected none, got helper",
      }),
    },
  },
  ...failedPods.map(([reason, message]) => ({
    cause: "pod-failed",
    pods: { control: failed(reason, message) },
  })),
  ...failing.map(([about, reason, text]) => ({
    cause: "observation-failed",
    messages: [{ source: "api", about, reason, text, since: START - 9000 } as const],
  })),
  { cause: "node-missing", node: { exists: false } },
  { cause: "node-not-ready", node: { ready: false, readyMessage: "Kubelet stopped posting node status." } },
  {
    cause: "node-missing",
    also: ["interrupted"],
    pods: {
      control: observed("control", [], {
        ...passingFacts("control"),
        reason: "DeletionByPodGC",
        message: "PodGC: node no longer exists",
        phase: "Failed",
        deleted: true,
        container: { state: "waiting", reason: "ContainerCreating", message: "", imageId: "" },
      }),
    },
  },
  { cause: "node-cordoned", node: { unschedulable: true } },
  {
    cause: "taint-not-tolerated",
    node: { taints: [{ key: "dedicated", value: "media", effect: "NoExecute" }] },
  },
  {
    cause: "driver-crashed",
    pods: {
      producer: observed(
        "producer",
        logOf("producer", 99, { event: "driver-exited", exit: 137, message: "" }),
      ),
    },
  },
  {
    cause: "driver-crashed",
    also: ["interrupted"],
    pods: {
      producer: observed("producer", passingLog("producer").slice(0, 1), {
        ...passingFacts("producer"),
        container: { state: "terminated", exitCode: 137, reason: "OOMKilled", message: "", imageId: "" },
      }),
    },
  },
  {
    cause: "bridge-inaccessible",
    pods: { consumer: failingConsumer({ event: "failed", stage: "access", message: selinux }) },
  },
  { cause: "control-failed", pods: { control: seenByControl } },
  { cause: "access-denied", ...reading("read", "stat: can't stat '/mnt/dfs/mount': Permission denied") },
  { cause: "mount-stale", ...reading("read", "stat: can't stat '/mnt/dfs/mount': Socket not connected") },
  { cause: "mount-stale", ...reading("read", "stat: Transport endpoint is not connected") },
  { cause: "mount-stale", ...reading("read", "stat: Software caused connection abort") },
  { cause: "mount-hung", ...reading("hung", "no answer within 5 s") },
  {
    cause: "wrong-filesystem",
    pods: { consumer: observed("consumer", tmpfs) },
    needs: ["producer", "control"],
  },
  {
    cause: "content-mismatch",
    pods: { consumer: observed("consumer", changed) },
    needs: ["producer", "control"],
  },
  {
    cause: "not-propagated",
    pods: { consumer: failingConsumer({ event: "not-seen", polls: 51, sentinelVisible: true }) },
    needs: ["producer", "control"],
  },
  { cause: "interrupted", changes: { interrupted: true } },
  { cause: "timed-out", changes: { now: passing().deadline } },
];

/** Of each fixture: its words, said of the control, which is the last to start. */
const said: readonly Scene[] = fixtures.map(({ cause, source, reason, text }) =>
  source === "driver"
    ? { cause, pods: { producer: producerFailing(reason, text).pods.producer } }
    : { cause, messages: [{ source, about: "control", reason, text, count: 3 }] },
);

/** At least one scene of every cause. */
export const scenes: readonly Scene[] = [...said, ...seen];

/** All the words in a scene, for a look at whether it has those of the catalogue. */
export function wordsOf({ messages = [], node, pods = {} }: Scene): string[] {
  const reports = Object.values(pods).flatMap(({ report }) => report.events);
  const statuses = Object.values(pods).flatMap(({ facts }) => (facts === undefined ? [] : [facts]));
  return [
    ...messages
      .map(({ reason, text }) => [reason, text])
      .flatMap(([reason, text]) => [text, `${reason} ${text}`]),
    ...reports.map((event) => ("message" in event ? event.message : "")),
    ...statuses.map(({ reason, message, container }) => `${reason}${container.reason} ${message}`),
    node?.readyMessage ?? "",
  ].map(String);
}

/** A pod that is needed as it should be may be different, if the difference came after its mount. */
function serves(needed: Role, { pods = {} }: Scene): boolean {
  const pod = pods[needed];
  return pod === undefined || only(pod.report, "mounted") !== undefined;
}

/** No event mentions trouble before the start of a pod that has started. */
function isLate({ messages = [] }: Scene, pods: Observation["pods"]): boolean {
  return messages.some(
    ({ source, about }) =>
      ["event", "container"].includes(source) &&
      about === "control" &&
      only(pods.control.report, "started") !== undefined,
  );
}

/** Puts scenes together; undefined if they cannot happen at once, or want the same pod to be different things. */
export function together(...parts: readonly Scene[]): Observation | undefined {
  const { pods: unseen, node } = saying([]);
  const different = parts.flatMap(({ pods = {} }) => Object.keys(pods));
  if (new Set(different).size < different.length) return undefined;
  const needed = parts.flatMap(({ needs = [] }) => needs);
  if (!needed.every((role) => parts.every((part) => serves(role, part)))) return undefined;
  const pods = Object.assign(
    { ...unseen },
    ...needed.map((role) => ({ [role]: observed(role) })),
    ...parts.map((part) => part.pods ?? {}),
  ) as Observation["pods"];
  if (parts.some((part) => isLate(part, pods))) return undefined;
  // Where every pod has started, the node's troubles no longer matter.
  const started = Object.values(pods).every(({ report }) => only(report, "started") !== undefined);
  if (started && parts.some((part) => part.node !== undefined)) return undefined;
  // A node that is not there has no other trouble.
  if (parts.some(({ node: one }) => one?.exists === false) && parts.filter((part) => part.node).length > 1)
    return undefined;
  return saying(
    parts.flatMap(({ messages = [] }) => messages),
    {
      pods,
      node: Object.assign({ ...node }, ...parts.map((part) => part.node ?? {})) as NodeFacts,
      ...(Object.assign({}, ...parts.map(({ changes = {} }) => changes)) as object),
    },
  );
}
