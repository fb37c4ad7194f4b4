import type { z } from "zod";
import type { ContainerFacts, NodeFacts, PodFacts } from "../observation";
import type { Message } from "../../kube/message";
import { comparePod } from "../origin/compare";
import { eventShape, nodeShape, podShape } from "./shapes";

type Pod = z.infer<typeof podShape>;
type ContainerStatus = Pod["status"]["containerStatuses"][number];

/**
 * Reasons of a terminated container whose message is the runtime's. With any other reason the message is what
 * the program wrote to its termination log, and a pod's output must not pass for the kubelet's.
 */
const explainedByRuntime = new Set(["StartError", "ContainerCannotRun", "ContainerStatusUnknown"]);

function containerFacts(status: ContainerStatus | undefined): ContainerFacts {
  const { waiting, running, terminated } = status?.state ?? {};
  const imageId = status?.imageID ?? "";
  if (terminated !== undefined) {
    const { exitCode, signal, reason, message } = terminated;
    return {
      state: "terminated",
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(signal === undefined ? {} : { signal }),
      reason,
      message: explainedByRuntime.has(reason) ? message : "",
      imageId,
      ...(explainedByRuntime.has(reason) || message === "" ? {} : { left: message }),
    };
  }
  if (running !== undefined) return { state: "running", reason: "", message: "", imageId };
  if (waiting !== undefined) return { state: "waiting", ...waiting, imageId };
  return { state: "unknown", reason: "", message: "", imageId };
}

function specFacts({ containers: [container], volumes, tolerations }: Pod["spec"]): PodFacts["spec"] {
  const context = container?.securityContext;
  const isBridge = ({ name }: { readonly name: string }): boolean => name === "bridge";
  return {
    privileged: context?.privileged ?? false,
    mountPropagation: container?.volumeMounts.find(isBridge)?.mountPropagation ?? "None",
    hostPath: volumes.find(isBridge)?.hostPath.path ?? "",
    runAsUser: context?.runAsUser,
    runAsGroup: context?.runAsGroup,
    droppedCapabilities: context?.capabilities.drop ?? [],
    addedCapabilities: context?.capabilities.add ?? [],
    tolerations,
  };
}

/**
 * Reads the fields that the verdict needs from a pod of the test. Never throws.
 * @param expected the manifest that it must have been created from; undefined for no comparison.
 */
export function podFacts(pod: unknown, expected?: unknown): PodFacts {
  const { metadata, spec, status } = podShape.parse(pod);
  // The client that removes a pod gives the reason in a condition (Kubernetes: "Pod disruption conditions"),
  // and so does a scheduler that has no node for it, whose events may be deleted or unreadable.
  const condition = status.conditions.find(
    (one) =>
      (one.type === "DisruptionTarget" && one.status === "True") ||
      (one.type === "PodScheduled" && one.status === "False"),
  );
  return {
    uid: metadata.uid,
    ...(metadata.name === "" ? {} : { name: metadata.name }),
    node: spec.nodeName,
    phase: status.phase,
    reason: status.reason || (condition?.reason ?? ""),
    message: status.message || (condition?.message ?? ""),
    created: metadata.creationTimestamp,
    started: status.startTime,
    deleted: metadata.deletionTimestamp !== undefined,
    container: containerFacts(status.containerStatuses[0]),
    image: spec.containers[0]?.image,
    difference: expected === undefined ? undefined : comparePod(expected, pod),
    spec: specFacts(spec),
  };
}

/** Reads the fields that the verdict needs from a Node object. Never throws. */
export function nodeFacts(node: unknown): NodeFacts {
  const { spec, status } = nodeShape.parse(node);
  const ready = status.conditions.find(({ type }) => type === "Ready");
  return {
    exists: true,
    ready: ready?.status === "True",
    readyMessage: ready?.message ?? "no Ready condition",
    readySince: ready?.lastTransitionTime,
    unschedulable: spec.unschedulable,
    taints: spec.taints,
    kernel: status.nodeInfo.kernelVersion,
    kubelet: status.nodeInfo.kubeletVersion,
    runtime: status.nodeInfo.containerRuntimeVersion,
  };
}

/** Facts of a Node object that does not exist. */
export const missingNode: NodeFacts = {
  exists: false,
  ready: false,
  readyMessage: "",
  unschedulable: false,
  taints: [],
  kernel: "",
  kubelet: "",
  runtime: "",
};

/** An event about a problem. */
export interface EventFacts {
  /** The same for every occurrence. */
  readonly key: string;
  /** Uid of the object that it is about. */
  readonly uid: string;
  readonly message: Message;
}

/** Ordinary events that show the progress of a pod. */
const progress = new Set(["Pulling", "Pulled", "Created"]);

/** Reads an event; undefined for one that is about neither a problem nor progress. Never throws. */
export function eventFacts(event: unknown): EventFacts | undefined {
  const { metadata, involvedObject, type, reason, message, series, ...times } = eventShape.parse(event);
  if (type === "Normal" && !progress.has(reason)) return undefined;
  const time = series.lastObservedTime ?? times.lastTimestamp ?? times.eventTime ?? times.firstTimestamp;
  const count = Math.max(times.count, series.count);
  return {
    key: metadata.uid || `${involvedObject.name}/${reason}`,
    uid: involvedObject.uid,
    message: {
      source: "event",
      about: involvedObject.name,
      reason,
      text: message,
      ...(time === undefined ? {} : { time }),
      count,
    },
  };
}
