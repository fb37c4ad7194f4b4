import { byAny, byStage, byText, type Cause, type Pattern } from "../cause";
import { isOfBridge, isOfHostPath } from "../paths";
import { deadMountWords } from "./stale-mount-at-start";

/** Messages about a path, which mean this cause if the path is the bridge's. */
const words = [
  /not a directory/,
  /failed to (?:mkdir|stat|create) "[^"]*"/,
  /mkdir \S+: (?:permission denied|read-only file system|not a directory|operation not permitted)/,
  /stat \S+: (?:permission denied|not a directory|no such file or directory)/,
  /too many levels of symbolic links|file name too long/,
  // CRI-O, before it searches for a mount, and Docker.
  /failed to mkdir \S+:/,
  /error while creating mount source path/,
  /bind source path does not exist/,
];

/** Returns true if a message names a directory above the bridge, which prevents its creation. */
function isAbove(text: string, hostPath: string): boolean {
  const [, path = ""] = /mkdir (\/\S*?): /.exec(text) ?? [];
  return path !== "" && hostPath.startsWith(`${path}/`);
}

const ofBridge: Pattern = (text, question) =>
  words.some((pattern) => pattern.test(text)) &&
  (isOfBridge(text, question) || isAbove(text, question.hostPath)) &&
  !deadMountWords.test(text) &&
  !/: file exists|no space left|quota exceeded/.test(text);

/** The hostPath is not a directory that can be used. */
export const hostpathType: Cause = {
  code: "hostpath-type",
  verdict: "ERROR",
  recognise: byAny(
    byText("kubelet", /hostPath type check failed/, /hostPath \S+ doesn't exist/, ofBridge),
    byStage("bridge"),
  ),
  summarise: (question, { about, text }) =>
    isOfHostPath(text, question) || about === "producer"
      ? `${question.hostPath} on node ${question.node} cannot be used as the test's directory (${text})`
      : `A hostPath of the pods cannot be used on node ${question.node} (${text})`,
  nextSteps: ({ node, hostPath }) => [
    `On ${node}, check what it is: stat ${hostPath}`,
    "Move it away if it is not needed, or use another directory: pulumi config set fuse-test:hostPath /tmp/NAME",
  ],
};
