import type { V1Node, V1Pod } from "@kubernetes/client-node";
import type { ContainerFacts, NodeFacts, PodFacts } from "../observation";

type ContainerStatus = NonNullable<NonNullable<V1Pod["status"]>["containerStatuses"]>[number];

function containerFacts(status: ContainerStatus | undefined): ContainerFacts {
  const waiting = status?.state?.waiting;
  const running = status?.state?.running;
  const terminated = status?.state?.terminated;
  const imageId = status?.imageID ?? "";
  if (terminated !== undefined) {
    const { exitCode, signal, reason = "", message = "" } = terminated;
    return {
      state: "terminated",
      exitCode,
      ...(signal === undefined ? {} : { signal }),
      reason,
      message,
      imageId,
    };
  }
  if (running !== undefined) return { state: "running", reason: "", message: "", imageId };
  if (waiting !== undefined) {
    return { state: "waiting", reason: waiting.reason ?? "", message: waiting.message ?? "", imageId };
  }
  return { state: "unknown", reason: "", message: "", imageId };
}

/** The client's lists hold dates, its watches hold text. */
function milliseconds(time: Date | string | undefined): number | undefined {
  const value = time === undefined ? NaN : new Date(time).getTime();
  return Number.isNaN(value) ? undefined : value;
}

/** Reads what the verdict needs out of a pod of the test, which has one container. */
export function podFacts(pod: V1Pod): PodFacts {
  const { metadata, spec, status } = pod;
  // Who removes a pod says so in a condition (Kubernetes: "Pod disruption conditions").
  const disruption = status?.conditions?.find(
    (condition) => condition.type === "DisruptionTarget" && condition.status === "True",
  );
  const [container] = spec?.containers ?? [];
  const context = container?.securityContext;
  const bridge = container?.volumeMounts?.find(({ name }) => name === "bridge");
  const volume = spec?.volumes?.find(({ name }) => name === "bridge");
  return {
    uid: metadata?.uid ?? "",
    node: spec?.nodeName ?? "",
    phase: status?.phase ?? "",
    reason: status?.reason ?? disruption?.reason ?? "",
    message: status?.message ?? disruption?.message ?? "",
    created: milliseconds(metadata?.creationTimestamp),
    started: milliseconds(status?.startTime),
    deleted: metadata?.deletionTimestamp !== undefined,
    container: containerFacts(status?.containerStatuses?.[0]),
    spec: {
      privileged: context?.privileged ?? false,
      mountPropagation: bridge?.mountPropagation ?? "None",
      hostPath: volume?.hostPath?.path ?? "",
      runAsUser: context?.runAsUser,
      runAsGroup: context?.runAsGroup,
      droppedCapabilities: context?.capabilities?.drop ?? [],
      addedCapabilities: context?.capabilities?.add ?? [],
      tolerations: (spec?.tolerations ?? []).map(({ key, operator, value, effect }) => ({
        key,
        operator,
        value,
        effect,
      })),
    },
  };
}

/** Reads what the verdict needs out of a Node object. */
export function nodeFacts(node: V1Node): NodeFacts {
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  const info = node.status?.nodeInfo;
  return {
    exists: true,
    ready: ready?.status === "True",
    readyMessage: ready?.message ?? "no Ready condition",
    unschedulable: node.spec?.unschedulable ?? false,
    taints: (node.spec?.taints ?? []).map(({ key, value = "", effect }) => ({ key, value, effect })),
    kernel: info?.kernelVersion ?? "",
    kubelet: info?.kubeletVersion ?? "",
    runtime: info?.containerRuntimeVersion ?? "",
  };
}

/** The Node object that is not there. */
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
