import type { Role } from "../../manifests/common";
import { parseMount, propagation } from "../mountinfo";
import type { Observation } from "../observation";
import { all, only } from "../pod-log";

/** A pod's own mountinfo as it printed it; where it did not come so far, the line of its bridge. */
export function podMountinfo({ pods }: Observation, role: Role): string {
  const { report } = pods[role];
  const whole = all(report, "mountinfo").at(-1);
  if (whole !== undefined) return `${whole.lines.join("\n")}\n`;
  const bridge = only(report, "started")?.bridge;
  return bridge === undefined || bridge === ""
    ? `The ${role} printed no mountinfo: its program did not start.\n`
    : `The ${role} ended before it printed its mountinfo. Its bridge:\n${bridge}\n`;
}

function bridgeOf({ pods }: Observation, role: Role): string {
  const mount = parseMount(only(pods[role].report, "started")?.bridge ?? "");
  return `${role.padEnd(9)} ${mount === undefined ? "not seen" : `${propagation(mount)}, ${mount.root} of device ${mount.device} (${mount.type})`}`;
}

/**
 * What can be said of the mounts of the node and of its runtime. A pod sees neither: that would take hostPID,
 * which the test does not ask for. The peer groups of the bridge show where its mounts are received from.
 */
export function nodeMounts(observation: Observation): string {
  const { node, hostPath } = observation.question;
  return [
    "The test's pods cannot see the mounts of the node or of its container runtime: that takes hostPID, a privilege that",
    "the test does not ask for. What the pods see of the bridge's peer groups (shared: it propagates there; master: it",
    "receives from there; the numbers are the kernel's, the same in every pod and on the node):",
    "",
    ...(["producer", "consumer", "control"] as const).map((role) => `  ${bridgeOf(observation, role)}`),
    "",
    `The rest is read on ${node} as root:`,
    `  the node:        findmnt --output TARGET,PROPAGATION,FSTYPE --target ${hostPath}`,
    "                   cat /proc/1/mountinfo",
    "  the runtime:     cat /proc/$(pidof containerd)/mountinfo    (k3s: pidof k3s-server, or k3s-agent)",
    "",
  ].join("\n");
}
