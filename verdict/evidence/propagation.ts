import { BRIDGE_MOUNT_PATH, type Role } from "../../manifests/common";
import { type Mount, parseMount, propagation } from "../mountinfo";
import type { Observation } from "../observation";
import { all, only } from "../pod-log";

const roles = ["producer", "consumer", "control"] as const;

/** A pod's mount of the bridge: as it was last, or as it was at the pod's start. */
export function bridgeOf({ pods }: Observation, role: Role): Mount | undefined {
  const { report } = pods[role];
  const last = all(report, "mountinfo")
    .at(-1)
    ?.lines.map(parseMount)
    .find((mount) => mount?.mountPoint === BRIDGE_MOUNT_PATH);
  return last ?? parseMount(only(report, "started")?.bridge ?? "");
}

function describe(role: Role, bridge: Mount | undefined): string {
  if (bridge === undefined) return `${role.padEnd(9)} not seen: its program did not start`;
  return `${role.padEnd(9)} ${propagation(bridge)}, ${bridge.root} of device ${bridge.device} (${bridge.type})`;
}

function ofRuntime(producer: Mount | undefined, hostPath: string): string {
  if (producer === undefined) return `Of the node's mount at ${hostPath} the producer says nothing.`;
  if (producer.shared === undefined)
    return "The producer's bridge is private: what is mounted in the producer stays there.";
  return (
    `The runtime sees ${hostPath} in a mount of device ${producer.device} with shared:${producer.shared}: ` +
    "Bidirectional made the producer's bridge a peer of that mount."
  );
}

function ofConsumer(producer: Mount | undefined, consumer: Mount | undefined): string {
  if (consumer === undefined) return "The consumer says nothing.";
  if (consumer.master === undefined) return "The consumer's bridge receives no mounts from anywhere.";
  if (consumer.master === producer?.shared)
    return `The consumer receives from the same peer group, ${consumer.master}: what is mounted in the producer reaches it.`;
  return `The consumer receives from peer group ${consumer.master}, to which the producer's bridge does not belong.`;
}

/**
 * How the mounts of the bridge hang together, by the kernel's numbers of their peer groups, and what follows from
 * them for the node. The numbers are the same wherever they are read (Linux, mount_namespaces(7)).
 */
export function describePropagation(observation: Observation): string {
  const { hostPath } = observation.question;
  const [producer, consumer, control] = roles.map((role) => bridgeOf(observation, role));
  return [
    "The bridge as each pod sees it (shared: what is mounted below it propagates there; master: it receives from there):",
    "",
    `  ${describe("producer", producer)}`,
    `  ${describe("consumer", consumer)}`,
    `  ${describe("control", control)}`,
    "",
    ofRuntime(producer, hostPath),
    ofConsumer(producer, consumer),
    "",
  ].join("\n");
}
