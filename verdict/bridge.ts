import { BRIDGE_MOUNT_PATH, type Role } from "../manifests/common";
import { type Mount, parseMount } from "./mountinfo";
import type { Observation } from "./observation";
import { all, only } from "../protocol/pod-log";

/** A pod's mount of the bridge: as it was last, or as it was at the pod's start. */
export function bridgeOf({ pods }: Observation, role: Role): Mount | undefined {
  const { report } = pods[role];
  const last = all(report, "mountinfo")
    .at(-1)
    ?.lines.map(parseMount)
    .find((mount) => mount?.mountPoint === BRIDGE_MOUNT_PATH);
  return last ?? parseMount(only(report, "started")?.bridge ?? "");
}

/**
 * True for a producer's bridge that receives mounts and has a peer group of its own, so that what is mounted in it stays
 * there. The node's own mount may be a slave of another one, too, where the node is a container: the consumer then
 * receives from the producer's group.
 */
export function isSlave(producer: Mount, consumer: Mount | undefined): boolean {
  return (
    producer.master !== undefined && (producer.shared === undefined || consumer?.master !== producer.shared)
  );
}

/** Says why a mount that is made in the producer stays there; undefined when its bridge does not show it. */
export function whyItStays(observation: Observation): string | undefined {
  const producer = bridgeOf(observation, "producer");
  if (producer === undefined) return undefined;
  if (isSlave(producer, bridgeOf(observation, "consumer")))
    return `the producer's own bridge is a slave of peer group ${producer.master ?? "none"}, as in a user namespace or under a rootless runtime`;
  return producer.shared === undefined ? "the producer's own bridge is private" : undefined;
}
