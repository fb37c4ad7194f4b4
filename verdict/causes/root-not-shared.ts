import { byText, type Cause, runAgain } from "../cause";

/** The mount under the hostPath does not propagate: the runtime refuses to start the container. */
export const rootNotShared: Cause = {
  code: "root-not-shared",
  verdict: "ERROR",
  // containerd and CRI-O name the path and the mount that contains it; Docker prefixes "linux mounts:".
  recognise: byText("kubelet", /is mounted on .* but it is not a shared( or slave)? mount/i),
  summarise: ({ node, hostPath }, { text }) => {
    // A runtime names the path with its symlinks resolved.
    const [, path = hostPath] = /path "?(\/\S*?)"? is mounted on/i.exec(text) ?? [];
    return `The mount that holds ${path} on node ${node} is private, so no mount below it can reach another pod (${text})`;
  },
  nextSteps: ({ node, hostPath }) => [
    `On ${node}, check: findmnt -o TARGET,PROPAGATION --target ${hostPath}`,
    `Make it shared now: mount --make-rshared /`,
    "Keep it shared over a restart: a systemd unit that runs it before the kubelet (k3s) starts",
    runAgain,
  ],
};
