import { byAny, byStage, byText, type Cause } from "../cause";

/** What lies at the hostPath is not a directory that can be used. */
export const hostpathType: Cause = {
  code: "hostpath-type",
  verdict: "ERROR",
  recognise: byAny(
    byText(
      "kubelet",
      /hostPath type check failed/,
      /hostPath \S+ doesn't exist/,
      /is not a character device/,
      /is not a directory/,
      /not a directory: unknown/,
      /mkdir \S+: not a directory/,
    ),
    byStage("bridge"),
  ),
  summarise: ({ node, hostPath }, { text }) =>
    `${hostPath} on node ${node} cannot be used as the test's directory (${text})`,
  nextSteps: ({ node, hostPath }) => [
    `On ${node}, look what it is: stat ${hostPath}`,
    "Move it away if it is not needed, or use another directory: pulumi config set fuse-test:hostPath /tmp/NAME",
  ],
};
