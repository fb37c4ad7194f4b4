import type { Cause } from "../cause";
import { byFailedCheck } from "./by-failed-check";

/** The consumer sees a mount, but not the producer's. */
export const wrongFilesystem: Cause = {
  code: "wrong-filesystem",
  verdict: "FAILURE",
  recognise: byFailedCheck("wrong-filesystem"),
  summarise: ({ node }, { text }) =>
    `The consumer on ${node} reads another filesystem than the producer mounted (${text})`,
  nextSteps: ({ node, hostPath }) => [
    `On ${node}, look what is mounted there: findmnt --submounts --target ${hostPath}`,
    "A mount of an earlier run that was left behind is removed by: npm run clean",
    "Run the test again: npm run again",
  ],
};
