import { byAny, byStage, byText, type Cause } from "../cause";
import { byDriver } from "./driver-words";
import { byWordsBeforeStart } from "./pod-failure";

/** The image lacks the driver, or what it takes to start it. */
export const driverMissing: Cause = {
  code: "driver-missing",
  verdict: "ERROR",
  recognise: byAny(
    byStage("program"),
    byText(
      "kubelet",
      /exec: "[^"]+": stat [^:]+: no such file or directory/,
      /exec: "[^"]+": executable file not found/,
      // crun, with the program in quotes of several kinds.
      /executable file [`'"][^`'"]+[`'"] not found/,
    ),
    // The shell is there, and what it takes to run it is not.
    byWordsBeforeStart(
      /^exec \/bin\/sh: (?:no such file or directory|permission denied|operation not permitted)$/,
    ),
    byDriver("driver-missing"),
  ),
  summarise: ({ image, driver }, { text }) =>
    `The image ${image} lacks what the driver ${driver} needs (${text})`,
  nextSteps: ({ driver }) => [
    `Use an image that has ${driver}, a POSIX shell and the usual small programs: pulumi config set fuse-test:image NAME:VERSION`,
    "Or try a driver that the image has: pulumi config set fuse-test:driver NAME",
  ],
};
