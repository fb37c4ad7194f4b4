import type { Question } from "../../verdict/observation";

/** Process whose mountinfo a pod without hostPID cannot read. */
export type Beyond = "node" | "runtime";

/** Commands that print the mountinfo, in the node's own process namespace. */
export const commands: Readonly<Record<Beyond, readonly string[]>> = {
  node: ["cat", "/proc/1/mountinfo"],
  // k3s starts a containerd of its own; CRI-O and Docker are others.
  runtime: ["sh", "-c", 'set -- $(pidof containerd crio dockerd); cat "/proc/$1/mountinfo"'],
};

function typed(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w./-]+$/.test(word) ? word : `'${word}'`)).join(" ");
}

/** Explains in the evidence why the mountinfo of the node or of its runtime is missing, and how to get it. */
export function howToRead(whose: Beyond, { node, image, hostPath }: Question): string {
  const command = typed(commands[whose]);
  return [
    `The mountinfo of ${whose === "node" ? `node ${node}` : `the container runtime on node ${node}`} was not read: that requires hostPID, a privilege that the test does not`,
    "request, and that its policies refuse. propagation.txt has the conclusions from the pods' own.",
    "",
    `On ${node}, as root:`,
    `  ${command}`,
    "",
    "Or through the cluster, with a pod that has hostPID and is yours to remove afterwards:",
    `  kubectl debug node/${node} --quiet --attach --profile=general --image=${image} -- ${command}`,
    `  kubectl get pods --output name | grep node-debugger-${node} | xargs kubectl delete`,
    "",
    `Find the mount that holds ${hostPath}: it must have a shared: entry.`,
    "",
  ].join("\n");
}
