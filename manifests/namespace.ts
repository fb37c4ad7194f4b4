import { labels } from "./common";

/** The label that says which stack a namespace belongs to. */
export const OWNER_LABEL = "fuse-test/owner";

/** Owner of a namespace that an administrator made for whoever deploys the test: no stack takes or removes it. */
export const KEPT_OWNER = "kept";

/**
 * Metadata by which an object belongs to one stack. The label is applied by a field manager of the owner's own, so that
 * another stack's claim to it is refused as a conflict.
 */
export function ownedBy(owner: string) {
  return {
    labels: { ...labels, [OWNER_LABEL]: owner },
    annotations: { "pulumi.com/patchFieldManager": `fuse-test-${owner}` },
  };
}

/**
 * The namespace. It must admit the privileged producer; what may run in it is for the policies to say.
 */
export function namespaceManifest<Name>(namespace: Name, owner: string) {
  const owned = ownedBy(owner);
  return {
    apiVersion: "v1" as const,
    kind: "Namespace" as const,
    metadata: {
      name: namespace,
      ...owned,
      labels: { ...owned.labels, "pod-security.kubernetes.io/enforce": "privileged" },
    },
  };
}

/** A quota that holds the pods of the largest suite and nothing that could hurt a node. */
export function quotaManifest(namespace: string) {
  return {
    apiVersion: "v1" as const,
    kind: "ResourceQuota" as const,
    metadata: { name: "fuse-test", namespace, labels },
    spec: {
      hard: {
        pods: "20",
        "requests.cpu": "2",
        "requests.memory": "2Gi",
        "limits.cpu": "6",
        "limits.memory": "4Gi",
        persistentvolumeclaims: "0",
        services: "0",
      },
    },
  };
}

/** Nothing in the test talks over the network. */
export function networkPolicyManifest(namespace: string) {
  return {
    apiVersion: "networking.k8s.io/v1" as const,
    kind: "NetworkPolicy" as const,
    metadata: { name: "deny-all", namespace, labels },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}
