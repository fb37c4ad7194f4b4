import type { Access } from "../kube/files";
import type { PodSettings } from "../manifests/common";
import type { CleanRequest } from "./cleanup-request";

export interface CleanRequestOptions {
  readonly pods: PodSettings;
  /** The bridge directory on the node, in which every run has its own. */
  readonly hostPath: string;
  readonly access: Access;
  /** URL of its API server; absent or empty if it is not known. */
  readonly server?: string;
  /** The stack whose test it is; absent for a test that is in no stack's state. */
  readonly owner?: string;
  readonly keepNamespace: boolean;
}

/** Builds the request that cleans up after pods with these settings. */
export function cleanRequest(options: CleanRequestOptions): CleanRequest {
  const { pods, hostPath, access, server = "", owner, keepNamespace } = options;
  const { kubeconfig, context } = access;
  const { namespace, node, image, imagePullPolicy, tolerations, resources } = pods;
  return {
    kubeconfig,
    context,
    ...(server === "" ? {} : { server }),
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
