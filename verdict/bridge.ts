import { BRIDGE_MOUNT_PATH, type Role } from "../manifests/common";
import { type Mount, parseMount } from "./mountinfo";
import type { Observation } from "./observation";
import { all, only } from "../protocol/pod-log";

/** Returns a pod's last reported mount of the bridge, or the one at the pod's start. */
export function bridgeOf({ pods }: Observation, role: Role): Mount | undefined {
  const { report } = pods[role];
  const last = all(report, "mountinfo")
    .at(-1)
    ?.lines.map(parseMount)
    .find((mount) => mount?.mountPoint === BRIDGE_MOUNT_PATH);
  return last ?? parseMount(only(report, "started")?.bridge ?? "");
}

/**
 * Returns true for a producer's bridge that receives mounts but does not send them: it is a slave without a
 * peer group that the consumer receives from. The node's own mount may be a slave too, if the node is a
 * container.
 */
export function isSlave(producer: Mount, consumer: Mount | undefined): boolean {
  return (
    producer.master !== undefined && (producer.shared === undefined || consumer?.master !== producer.shared)
  );
}

/** Returns why a mount in the producer does not leave it; undefined if its bridge does not explain it. */
export function explainNoPropagation(observation: Observation): string | undefined {
  const producer = bridgeOf(observation, "producer");
  if (producer === undefined) return undefined;
  if (isSlave(producer, bridgeOf(observation, "consumer")))
    return `the producer's own bridge is a slave of peer group ${producer.master ?? "none"}, as in a user namespace or under a rootless runtime`;
  return producer.shared === undefined ? "the producer's own bridge is private" : undefined;
}
