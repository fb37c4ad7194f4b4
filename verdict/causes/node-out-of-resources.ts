import { byAny, byReason, byStage, byText, type Cause } from "../cause";

/** ENOSPC in the texts of all programs, and EDQUOT. */
export const diskFull = /no space left on device|disk quota exceeded/i;

/** The node has no room for the pods, or evicted them. */
export const nodeOutOfResources: Cause = {
  code: "node-out-of-resources",
  verdict: "ERROR",
  recognise: byAny(
    byReason(/^OutOf[a-z]/, "Evicted", "Preempting"),
    byText(
      "kubelet",
      /Node didn't have enough resource/,
      /Insufficient (?:cpu|memory|pods|ephemeral-storage)/,
      /The node was low on resource/,
      /The node had condition: \[/,
      /Too many pods/,
      diskFull,
    ),
    byText("driver", diskFull),
    byStage("backing"),
  ),
  summarise: ({ node }, { text }) => `Node ${node} has no room for the test's pods (${text})`,
  nextSteps: ({ node }) => [
    `Check what is allocated: kubectl describe node ${node} (Allocated resources, Conditions)`,
    "Request less: fuse-test:resources in the stack's file",
    "A full disk, disk or memory pressure: make room on the node first (df --human-readable /tmp /var/lib/kubelet)",
  ],
};
