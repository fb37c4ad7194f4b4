import type { Message } from "../../../kube/message";

/** Words of every day, which stand for no cause. */
export const ordinary: readonly Message[] = [
  { source: "container", about: "producer", reason: "ContainerCreating", text: "" },
  { source: "container", about: "consumer", reason: "PodInitializing", text: "" },
  { source: "container", about: "consumer", reason: "Completed", text: "" },
  {
    source: "event",
    about: "producer",
    reason: "FailedMount",
    text: 'MountVolume.SetUp failed for volume "programs" : failed to sync configmap cache: timed out waiting for the condition',
  },
  {
    source: "event",
    about: "producer",
    reason: "FailedKillPod",
    text: "error killing pod: failed to stop the sandbox",
  },
  { source: "event", about: "producer", reason: "Unhealthy", text: "Readiness probe failed" },
  { source: "event", about: "producer", reason: "DNSConfigForming", text: "Nameserver limits were exceeded" },
  {
    source: "api",
    about: "consumer",
    reason: "400",
    text: 'container "consumer" in pod "fuse-consumer" is waiting to start: ContainerCreating',
  },
  { source: "api", about: "consumer", reason: "404", text: 'pods "fuse-consumer" not found' },
  { source: "api", about: "pods", reason: "410", text: "too old resource version: 12 (20)" },
  { source: "api", about: "pods", reason: "429", text: "the server has received too many requests" },
];
