import { byAny, byStage, byText, type Cause } from "../cause";

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
  ),
  summarise: ({ image, driver }, { text }) =>
    `The image ${image} lacks what the driver ${driver} needs (${text})`,
  nextSteps: ({ driver }) => [
    `Use an image that has ${driver}, a POSIX shell and the usual small programs: pulumi config set fuse-test:image NAME:VERSION`,
    "Or try a driver that the image has: pulumi config set fuse-test:driver NAME",
  ],
};
