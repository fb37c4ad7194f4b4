import { ROLES } from "../../manifests/common";
import type { CheckDefinition } from "../check";
import type { PodFacts } from "../observation";
import { type EventOf, only } from "../../protocol/pod-log";

const noCapability = /^0+$/;

function privileges(started: EventOf<"started">, facts: PodFacts): string[] {
  const { spec } = facts;
  const sets = { effective: started.capEff, permitted: started.capPrm, bounding: started.capBnd };
  return [
    ...Object.entries(sets).flatMap(([name, set]) =>
      set !== undefined && noCapability.test(set) ? [] : [`${name} capabilities ${set ?? "unknown"}`],
    ),
    ...(started.noNewPrivs === "1" ? [] : ["new privileges possible"]),
    ...(spec.privileged ? ["privileged"] : []),
    ...(spec.droppedCapabilities.includes("ALL") ? [] : ["capabilities not dropped"]),
    ...(spec.addedCapabilities.length === 0
      ? []
      : [`added capabilities ${spec.addedCapabilities.join(" ")}`]),
  ];
}

/** The consumer has no privilege, by its own process status and by its pod's spec. */
export const consumerUnprivileged: CheckDefinition = {
  name: "consumer-unprivileged",
  expected: "no capability, no new privileges, not privileged",
  cause: "control-failed",
  find: ({ pods }) => {
    const started = only(pods.consumer.report, "started");
    const { facts } = pods.consumer;
    if (started === undefined || facts === undefined) return undefined;
    const found = privileges(started, facts);
    return {
      observed: found.length === 0 ? "none" : found.join(", "),
      passed: found.length === 0,
      time: started.time,
    };
  },
};

/** The consumer is not the mount's owner: root reading root's mount does not test allow_other. */
export const consumerNotOwner: CheckDefinition = {
  name: "consumer-not-owner",
  expected: "a uid and a gid that differ from the mount's owner, and are not 0",
  cause: "control-failed",
  find: ({ pods }) => {
    const started = only(pods.consumer.report, "started");
    const mounted = only(pods.producer.report, "mounted");
    const { facts } = pods.consumer;
    if (started === undefined || mounted === undefined || facts === undefined) return undefined;
    const [ownerUid, ownerGid] = mounted.owner.split(":").map(Number);
    const { uid, gid } = started;
    const { runAsUser, runAsGroup } = facts.spec;
    return {
      observed: `consumer ${uid}:${gid ?? "unknown"}, owner ${mounted.owner}`,
      passed:
        /^\d+:\d+$/.test(mounted.owner) &&
        uid !== 0 &&
        gid !== undefined &&
        gid !== 0 &&
        uid !== ownerUid &&
        gid !== ownerGid &&
        uid === runAsUser &&
        gid === runAsGroup,
      time: started.time,
    };
  },
};

/** Both pods ran on the configured node and directory, with the propagation that is under test. */
export const placement: CheckDefinition = {
  name: "placement",
  expected: "producer Bidirectional and consumer HostToContainer, on the configured node and hostPath",
  cause: "control-failed",
  find: ({ pods, question }) => {
    // If nothing was mounted, the obstacle to the mount is the answer, not the placement of the pods.
    if (only(pods.producer.report, "mounted") === undefined) return undefined;
    const wanted = { producer: "Bidirectional", consumer: "HostToContainer", control: "None" } as const;
    const found: string[] = [];
    let time = 0;
    for (const role of ROLES) {
      const { facts, report } = pods[role];
      const started = only(report, "started");
      if (facts === undefined || started === undefined) return undefined;
      time = Math.max(time, started.time);
      if (facts.node !== question.node) found.push(`${role} on ${facts.node}`);
      if (facts.spec.hostPath !== question.hostPath) found.push(`${role} at ${facts.spec.hostPath}`);
      if (facts.spec.mountPropagation !== wanted[role]) found.push(`${role} ${facts.spec.mountPropagation}`);
    }
    return {
      observed: found.length === 0 ? "as configured" : found.join(", "),
      passed: found.length === 0,
      time,
    };
  },
};
