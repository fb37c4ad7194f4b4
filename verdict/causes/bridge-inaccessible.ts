import { byAny, type Cause, type Evidence } from "../cause";
import type { Observation } from "../observation";
import { only } from "../../protocol/pod-log";
import { byStageOfAnyPod } from "./pod-failure";

/** Finds a pod that waited until the run's deadline for access to the bridge. */
function byWaiting({ pods, now, deadline }: Observation): Evidence | undefined {
  if (now < deadline) return undefined;
  for (const [about, { report }] of Object.entries(pods)) {
    const blocked = only(report, "blocked");
    if (blocked !== undefined && only(report, "ready") === undefined)
      return { about, text: blocked.message, time: blocked.time };
  }
  return undefined;
}

/** The pods that do not run as root may not enter the directory in which the mount is made. */
export const bridgeInaccessible: Cause = {
  code: "bridge-inaccessible",
  verdict: "ERROR",
  recognise: byAny(byStageOfAnyPod("access"), byWaiting),
  summarise: ({ node, hostPath }, { about, text }) =>
    `The ${about} may not enter ${hostPath} on node ${node} (${text})`,
  nextSteps: ({ node, hostPath }) => [
    `On ${node}, check the mode and the label: stat ${hostPath}, and ls -dZ ${hostPath}`,
    `A mode without r-x for others: chmod 755 ${hostPath}. A kubelet with a strict umask makes directories like that: systemctl show kubelet --property UMask (k3s: k3s, k3s-agent)`,
    `SELinux, if the mode is right: chcon --recursive --type container_file_t ${hostPath}, and search for the refusal: ausearch --message avc --start recent`,
    "AppArmor, if there is no label: dmesg | grep -i apparmor",
  ],
};
