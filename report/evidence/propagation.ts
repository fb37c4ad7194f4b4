import { type Role, ROLES } from "../../manifests/common";
import { bridgeOf, isSlave } from "../../verdict/bridge";
import { type Mount, propagation } from "../../verdict/mountinfo";
import type { Observation } from "../../verdict/observation";

function describe(role: Role, bridge: Mount | undefined): string {
  if (bridge === undefined) return `${role.padEnd(9)} not seen: its program did not start`;
  return `${role.padEnd(9)} ${propagation(bridge)}, ${bridge.root} of device ${bridge.device} (${bridge.type})`;
}

function ofRuntime(producer: Mount | undefined, consumer: Mount | undefined, hostPath: string): string {
  if (producer === undefined) return `The producer did not report the node's mount at ${hostPath}.`;
  if (producer.shared === undefined)
    return producer.master === undefined
      ? "The producer's bridge is private: mounts made in the producer stay there."
      : `The producer's bridge is a slave of peer group ${producer.master}: it receives mounts from the node, and mounts made in the producer stay there.`;
  if (isSlave(producer, consumer))
    return (
      `The producer's bridge is a slave of peer group ${producer.master ?? "none"}, and has a peer group of its own, ${producer.shared}: ` +
      "mounts made in the producer do not reach the node. Its mount namespace belongs to another user namespace than the node's (hostUsers: false, a rootless runtime), or the runtime made its mounts slaves."
    );
  return (
    `The runtime sees ${hostPath} in a mount of device ${producer.device} with shared:${producer.shared}: ` +
    "Bidirectional made the producer's bridge a peer of that mount."
  );
}

function ofConsumer(producer: Mount | undefined, consumer: Mount | undefined): string {
  if (consumer === undefined) return "The consumer reported nothing.";
  if (consumer.master === undefined) return "The consumer's bridge receives no mounts from anywhere.";
  if (consumer.master === producer?.shared)
    return `The consumer receives from the same peer group, ${consumer.master}: mounts made in the producer reach it.`;
  return `The consumer receives from peer group ${consumer.master}, to which the producer's bridge does not belong.`;
}

/**
 * Describes how the mounts of the bridge are connected, by the kernel's numbers of their peer groups, and the
 * conclusions for the node. The numbers are the same wherever they are read (Linux, mount_namespaces(7)).
 */
export function describePropagation(observation: Observation): string {
  const { hostPath } = observation.question;
  const [producer, consumer, control] = ROLES.map((role) => bridgeOf(observation, role));
  return [
    "The bridge as each pod sees it (shared: mounts below it propagate to this group; master: it receives from this group):",
    "",
    `  ${describe("producer", producer)}`,
    `  ${describe("consumer", consumer)}`,
    `  ${describe("control", control)}`,
    "",
    ofRuntime(producer, consumer, hostPath),
    ofConsumer(producer, consumer),
    "",
  ].join("\n");
}
