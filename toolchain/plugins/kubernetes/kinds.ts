import type { Properties, Value } from "../rpc/values";

/** A kind of object, as the API server names it. */
export interface Kind {
  /** `v1`, or group and version: `rbac.authorization.k8s.io/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** The last part of its address, e.g. `networkpolicies`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Kinds by type token, without the package: the group is `core` for those that have none. */
const KINDS: Readonly<Record<string, readonly [plural: string, scope: "cluster" | "namespace"]>> = {
  "core/v1:ConfigMap": ["configmaps", "namespace"],
  "core/v1:LimitRange": ["limitranges", "namespace"],
  "core/v1:Namespace": ["namespaces", "cluster"],
  "core/v1:Node": ["nodes", "cluster"],
  "core/v1:Pod": ["pods", "namespace"],
  "core/v1:ResourceQuota": ["resourcequotas", "namespace"],
  "core/v1:Secret": ["secrets", "namespace"],
  "core/v1:ServiceAccount": ["serviceaccounts", "namespace"],
  "networking.k8s.io/v1:NetworkPolicy": ["networkpolicies", "namespace"],
  "rbac.authorization.k8s.io/v1:ClusterRole": ["clusterroles", "cluster"],
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": ["clusterrolebindings", "cluster"],
  "rbac.authorization.k8s.io/v1:Role": ["roles", "namespace"],
  "rbac.authorization.k8s.io/v1:RoleBinding": ["rolebindings", "namespace"],
  "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy": ["validatingadmissionpolicies", "cluster"],
  "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding": [
    "validatingadmissionpolicybindings",
    "cluster",
  ],
};

/** Version of the official plugin whose behaviour this one keeps to. */
export const VERSION = "4.34.2";

/** Why something is refused, and what to do. */
export function refuse(what: string): string {
  return `${what} needs Pulumi's own kubernetes plugin. Install it: pulumi plugin install resource kubernetes ${VERSION}`;
}

/**
 * The kind that a type token names, e.g. `kubernetes:core/v1:Pod`.
 * @throws Error for one that is not known here.
 */
export function kindOf(type: string): Kind {
  const token = type.replace(/^kubernetes:/u, "");
  const known = Object.hasOwn(KINDS, token) ? KINDS[token] : undefined;
  const [groupVersion, kind] = token.split(":");
  if (known === undefined || groupVersion === undefined || kind === undefined) throw new Error(refuse(type));
  const [plural, scope] = known;
  return {
    apiVersion: groupVersion.replace(/^core\//u, ""),
    kind,
    plural,
    namespaced: scope === "namespace",
  };
}

/** An object's place. */
export interface Place {
  readonly kind: Kind;
  /** Empty for objects of the cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** The address of an object on the API server. */
export function pathOf({ kind, namespace, name }: Place): string {
  const group = kind.apiVersion.includes("/") ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
  const folder = kind.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${group}${folder}/${kind.plural}/${encodeURIComponent(name)}`;
}

/** The id that a resource has in Pulumi's state: `NAMESPACE/NAME`, or `NAME` alone. */
export function idOf({ kind, namespace, name }: Place): string {
  return kind.namespaced ? `${namespace}/${name}` : name;
}

/** The place that an id names; a name alone means the namespace `default`. */
export function placeOfId(kind: Kind, id: string): Place {
  const [first = "", second] = id.split("/");
  if (!kind.namespaced) return { kind, namespace: "", name: second ?? first };
  return second === undefined
    ? { kind, namespace: "default", name: first }
    : { kind, namespace: first, name: second };
}

/** The place that an object's metadata names. */
export function placeOf(kind: Kind, metadata: Properties): Place {
  const part = (value: Value | undefined): string => (typeof value === "string" ? value : "");
  return { kind, namespace: kind.namespaced ? part(metadata.namespace) : "", name: part(metadata.name) };
}
