import { byAny, byStage, byText, type Cause } from "../cause";
import { byDriver } from "./driver-words";
import { byWordsBeforeStart } from "./words-before-start";

/** The image lacks the driver, or a program that starts it. */
export const driverMissing: Cause = {
  code: "driver-missing",
  verdict: "ERROR",
  recognise: byAny(
    byStage("program"),
    byText(
      "kubelet",
      // Only the pods' own program: a missing hook or plugin of the runtime is not the image's fault.
      /exec: "(?:\/bin\/)?sh": (?:executable file not found|(?:stat [^:]+: )?(?:no such file or directory|permission denied|is a directory|not a directory))/,
      // crun (src/libcrun/linux.c, container.c), with the program in quotes of several kinds.
      /executable file [`'"](?:\/bin\/)?sh[`'"] not found/,
      /exec container process (?:\(missing dynamic library\?\) )?[`'"]?\/bin\/sh[`'"]?: (?:no such file|permission denied|is a directory)/i,
      /container create failed: open executable: /,
    ),
    byWordsBeforeStart("driver-missing"),
    byDriver("driver-missing"),
  ),
  summarise: ({ image, driver }, { text }) =>
    `The image ${image} lacks what the driver ${driver} needs (${text})`,
  nextSteps: ({ driver }) => [
    `Use an image that has ${driver}, a POSIX shell and the usual small programs: pulumi config set fuse-test:image NAME:VERSION`,
    "Or try a driver that the image has: pulumi config set fuse-test:driver NAME",
  ],
};
