import type { Access } from "../kube/files";
import type { PodSettings } from "../manifests/common";
import type { CleanRequest } from "./cleanup-request";

export interface CleanRequestOptions {
  readonly pods: PodSettings;
  /** The bridge directory on the node, in which every run has its own. */
  readonly hostPath: string;
  readonly access: Access;
  /** The stack that the test belongs to; absent for a test without a stack. */
  readonly owner?: string;
  readonly keepNamespace: boolean;
}

/** Builds the request that cleans up after pods with these settings. */
export function cleanRequest(options: CleanRequestOptions): CleanRequest {
  const { pods, hostPath, access, owner, keepNamespace } = options;
  const { kubeconfig, context } = access;
  const { namespace, node, image, imagePullPolicy, tolerations, resources } = pods;
  return {
    kubeconfig,
    context,
    ...(owner === undefined ? {} : { owner }),
    keepNamespace,
    namespace,
    node,
    hostPath,
    image,
    imagePullPolicy,
    tolerations: tolerations.map((toleration) => ({ ...toleration })),
    resources: resources.consumer,
  };
}
