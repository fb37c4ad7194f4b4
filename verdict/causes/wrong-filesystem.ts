import { type Cause, runAgain } from "../cause";
import { byFailedCheck, checksOf } from "./by-failed-check";

/** The consumer sees a mount, but not the producer's. */
export const wrongFilesystem: Cause = {
  code: "wrong-filesystem",
  verdict: "FAILURE",
  recognise: byFailedCheck(checksOf("wrong-filesystem")),
  summarise: ({ node }, { text }) =>
    `The consumer on ${node} reads another filesystem than the producer mounted (${text})`,
  nextSteps: ({ node, hostPath }) => [
    `On ${node}, list what is mounted there: findmnt --submounts --target ${hostPath}`,
    `Unmount what an earlier run left behind: umount --lazy ${hostPath}/mount`,
    runAgain,
  ],
};
