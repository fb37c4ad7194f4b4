import type { Role } from "../../manifests/common";
import type { Observation } from "../../verdict/observation";
import { all, only } from "../../protocol/pod-log";

/** Returns a pod's own mountinfo as it printed it; if it did not, the line of its bridge. */
export function podMountinfo({ pods }: Observation, role: Role): string {
  const { report } = pods[role];
  const whole = all(report, "mountinfo").at(-1);
  if (whole !== undefined) return `${whole.lines.join("\n")}\n`;
  const bridge = only(report, "started")?.bridge;
  return bridge === undefined || bridge === ""
    ? `The ${role} printed no mountinfo: its program did not start.\n`
    : `The ${role} terminated before it printed its mountinfo. Its bridge:\n${bridge}\n`;
}
