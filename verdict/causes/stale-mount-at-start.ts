import { byAny, byStage, byText, type Cause, type Evidence, runAgain } from "../cause";
import type { Observation } from "../observation";
import { isOfBridge, isOfHostPath } from "../paths";
import { only } from "../../protocol/pod-log";

/**
 * Messages of a mount whose daemon is gone: those of glibc, and of musl and busybox. A process that was
 * waiting for a response when the daemon exited gets ECONNABORTED, once (Linux, fs/fuse/dev.c).
 */
export const deadMountWords =
  /transport endpoint is not connected|socket not connected|software caused connection abort|connection aborted/i;

/**
 * Recognises an old mount that the producer removed, while a pod that had started before still has it and
 * cannot see the new one.
 */
function byLeftover({ pods }: Observation): Evidence | undefined {
  const leftover = only(pods.producer.report, "leftover");
  const holder = (["control", "consumer"] as const).find(
    (role) => only(pods[role].report, "started")?.mountVisible === true,
  );
  if (leftover === undefined || holder === undefined) return undefined;
  return {
    about: holder,
    text: `it is removed now, but the ${holder} had started with it: ${leftover.mountinfo}`,
    time: leftover.time,
  };
}

/** The hostPath holds a mount of an earlier run, which could not be removed, or not in time. */
export const staleMountAtStart: Cause = {
  code: "stale-mount-at-start",
  verdict: "ERROR",
  recognise: byAny(
    byText(
      "kubelet",
      (text, question) => deadMountWords.test(text) && isOfBridge(text, question),
      // Docker, containerd, and CRI-O, which has no quotes: the path can neither be read nor created.
      (text, question) =>
        /error while creating mount source path .*: file exists|failed to mkdir "?\/[^"]*"?: .*file exists/.test(
          text,
        ) && isOfHostPath(text, question),
    ),
    byStage("stale"),
    byLeftover,
    (observation, findings) => {
      const bridge = byStage("bridge")(observation, findings);
      return bridge !== undefined && deadMountWords.test(bridge.text) ? bridge : undefined;
    },
  ),
  summarise: ({ node, hostPath }, { text }) =>
    `${hostPath} on node ${node} holds a mount of an earlier run (${text})`,
  nextSteps: ({ node, hostPath }) => [
    `On ${node}, list what is mounted there: findmnt --submounts --target ${hostPath}`,
    `Unmount the dead mounts: umount --lazy ${hostPath}/mount (and umount --lazy ${hostPath} if it is listed itself)`,
    `Remove nothing recursively: rmdir ${hostPath}/mount ${hostPath} is safe, rm -r through a live mount is not`,
    runAgain,
  ],
};
