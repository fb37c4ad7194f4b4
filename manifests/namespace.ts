import { labels } from "./common";

/** Label with the stack that a namespace belongs to. */
export const OWNER_LABEL = "fuse-test/owner";

/**
 * Owner of a namespace that an administrator created for the deployers of the test: no stack claims or
 * removes it.
 */
export const KEPT_OWNER = "kept";

/**
 * Returns the owner that the namespace of a stack's test must have.
 * @param stack the stack; undefined for any.
 * @param keepNamespace true if an administrator keeps the namespace.
 */
export function namespaceOwner<Stack extends string | undefined>(stack: Stack, keepNamespace: boolean) {
  return keepNamespace ? KEPT_OWNER : stack;
}

/**
 * Builds the metadata by which an object belongs to one stack. The label is applied by the owner's field
 * manager, so that another stack's claim is refused as a conflict.
 */
export function ownedBy(owner: string) {
  return {
    labels: { ...labels, [OWNER_LABEL]: owner },
    annotations: { "pulumi.com/patchFieldManager": `fuse-test-${owner}` },
  };
}

/** Builds the namespace. It must admit the privileged producer; the policies limit what may run in it. */
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

/** Builds a quota that allows the pods of the largest suite and nothing that could harm a node. */
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

/** Builds a policy that denies all traffic: the test does not use the network. */
export function networkPolicyManifest(namespace: string) {
  return {
    apiVersion: "networking.k8s.io/v1" as const,
    kind: "NetworkPolicy" as const,
    metadata: { name: "deny-all", namespace, labels },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}
