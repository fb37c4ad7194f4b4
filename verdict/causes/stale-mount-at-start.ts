import { byAny, byStage, byText, type Cause, runAgain } from "../cause";

/**
 * What a mount says whose daemon is gone: glibc's words, and those of musl and busybox. Who was waiting for an
 * answer at the moment when the daemon died is told ECONNABORTED, once (Linux, fs/fuse/dev.c).
 */
export const deadMountWords =
  /transport endpoint is not connected|socket not connected|software caused connection abort|connection aborted/i;

/** The hostPath holds a dead mount of an earlier run, which could not be removed. */
export const staleMountAtStart: Cause = {
  code: "stale-mount-at-start",
  verdict: "ERROR",
  recognise: byAny(
    byText(
      "kubelet",
      deadMountWords,
      /error while creating mount source path .*: file exists/,
      /failed to stat "[^"]*"/,
      /failed to mkdir "[^"]*": .*file exists/,
    ),
    byStage("stale"),
    (observation, findings) => {
      const bridge = byStage("bridge")(observation, findings);
      return bridge !== undefined && deadMountWords.test(bridge.text) ? bridge : undefined;
    },
  ),
  summarise: ({ node, hostPath }, { text }) =>
    `${hostPath} on node ${node} holds a dead mount of an earlier run (${text})`,
  nextSteps: ({ node, hostPath }) => [
    `On ${node}, list what is mounted there: findmnt --submounts --target ${hostPath}`,
    `Take the dead mounts away: umount --lazy ${hostPath}/mount (and umount --lazy ${hostPath} if it is listed itself)`,
    `Remove nothing recursively: rmdir ${hostPath}/mount ${hostPath} is safe, rm -r through a live mount is not`,
    runAgain,
  ],
};
