import type { Cause } from "../cause";
import { byStageOfAnyPod } from "./pod-failure";

/** The image lacks programs that the pods' own programs use, or cannot run them. */
export const toolMissing: Cause = {
  code: "tool-missing",
  verdict: "ERROR",
  recognise: byStageOfAnyPod("tool"),
  summarise: ({ image }, { text }) =>
    `The image ${image} does not have, or cannot run, programs that the test needs in addition to the driver (${text})`,
  nextSteps: ({ namespace }) => [
    "Add them to the image: those of busybox will do, or coreutils, findutils, grep, sed and util-linux",
    "Or use an image that has them: pulumi config set fuse-test:image NAME:VERSION",
    `Read which pods lack something: kubectl --namespace ${namespace} logs --selector app.kubernetes.io/name=fuse-test --tail=-1`,
  ],
};
