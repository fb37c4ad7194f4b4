import type { PodSettings } from "../manifests/common";
import type { CleanRequest } from "./request";

/** How a cluster is reached, as a kubeconfig's path and context. */
export interface Access {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** What cleaning has to know after pods with these settings. */
export function cleanRequest(pods: PodSettings, { kubeconfig, context }: Access): Omit<CleanRequest, "mode"> {
  const { namespace, node, run, hostPath, image, imagePullPolicy, tolerations, resources } = pods;
  return {
    kubeconfig,
    context,
    namespace,
    node,
    run,
    hostPath,
    image,
    imagePullPolicy,
    tolerations: tolerations.map((toleration) => ({ ...toleration })),
    resources: resources.consumer,
  };
}
