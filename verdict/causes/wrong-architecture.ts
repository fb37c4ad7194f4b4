import { byAny, byText, type Cause } from "../cause";
import { byDriver } from "./driver-words";
import { byWordsBeforeStart } from "./words-before-start";

/**
 * Messages of runtimes about the pods' own program; a plugin of theirs may fail in the same way, which is
 * another cause.
 */
const ofRuntime = [
  // runc
  /\bexec:? "?\/bin\/sh"?: exec format error/,
  // crun
  /exec container process `?\/bin\/sh`?: Exec format error/,
];

/** The image, or the driver in it, is built for another architecture. */
export const wrongArchitecture: Cause = {
  code: "wrong-architecture",
  verdict: "ERROR",
  recognise: byAny(
    byText("kubelet", ...ofRuntime),
    byWordsBeforeStart("wrong-architecture"),
    byDriver("wrong-architecture"),
  ),
  summarise: ({ image, node }, { text }) =>
    `The image ${image}, or a program in it, is made for another processor than that of node ${node} (${text})`,
  nextSteps: ({ node }) => [
    `Check the node's architecture: kubectl get node ${node} --output jsonpath={.status.nodeInfo.architecture}`,
    "Use an image that is made for it, or for several: pulumi config set fuse-test:image NAME:VERSION",
    "An image that was imported or pinned by the digest of one platform stays that of this platform: pin the digest of the image's index",
  ],
};
