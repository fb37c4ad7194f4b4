import type { Role } from "../../manifests/common";
import type { Observation } from "../../verdict/observation";
import { all, only } from "../../protocol/pod-log";

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
