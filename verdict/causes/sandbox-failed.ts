import { byMeaning, type Cause } from "../cause";

/** Time after which a node that has just started has recovered, in milliseconds. */
const PATIENCE_MILLISECONDS = 8000;

/** Number of the kubelet's attempts after which it will not recover. */
const ATTEMPTS = 3;

/** Messages that no further attempt fixes. */
const permanent = [
  /failed to find plugin/,
  /executable file not found/,
  /no runtime for .* is configured/,
  /RuntimeHandler .* not supported/,
  /unsupported protocol scheme/,
  /failed to get sandbox image/,
  /invalid CNI|error parsing configuration|unmarshal/,
];

/** The pod's sandbox cannot be created: the network plugin or the runtime fails. */
export const sandboxFailed: Cause = {
  code: "sandbox-failed",
  verdict: "ERROR",
  recognise: byMeaning(
    ({ source, reason, text }) =>
      source === "event" &&
      (reason === "FailedCreatePodSandBox" || text.includes("Failed to create pod sandbox")),
    ({ text, count = 1 }) =>
      count >= ATTEMPTS || permanent.some((pattern) => pattern.test(text)) ? 0 : PATIENCE_MILLISECONDS,
  ),
  summarise: ({ node }, { text }) => `The runtime on node ${node} cannot make the pods' sandbox (${text})`,
  nextSteps: ({ node, namespace }) => [
    `Read the whole message: kubectl --namespace ${namespace} get events --field-selector reason=FailedCreatePodSandBox`,
    `Check the network plugin's own pods on ${node}: kubectl --namespace kube-system get pods --output wide --field-selector spec.nodeName=${node}`,
    `On ${node}, check the runtime: journalctl --unit containerd --since -10min (k3s: --unit k3s, k3s-agent), and ls /etc/cni/net.d /opt/cni/bin`,
  ],
};
