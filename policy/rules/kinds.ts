import { field, type Value } from "./snapshot";

/** What an object is, over all the spellings of it: versions, patches and lists. */
export interface Kind {
  /** API group without version; empty for the core group. */
  readonly group: string;
  /** Kind without `Patch` and `List`. */
  readonly kind: string;
  /** Whether it is a list of objects of that kind, or of any if the kind is empty. */
  readonly list: boolean;
  /** Whether it is a patch of an object, of which the rest is not seen. */
  readonly patch: boolean;
}

/** The groups that Kubernetes itself serves, or served. */
const BUILT_IN =
  /^(|apps|extensions|batch|autoscaling|policy|(admissionregistration|apiextensions|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io|(apiregistration)\.k8s\.io)$/;

/** Whether Kubernetes itself says what the fields of a kind mean. */
export function isBuiltIn({ group }: Kind): boolean {
  return BUILT_IN.test(group);
}

/** Returns what a version of the API and the name of a kind say that an object is. */
export function kindOf(apiVersion: string, kind: string): Kind {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.lastIndexOf("/")) : "";
  const list = kind.endsWith("List");
  const one = kind.replace(/List$/, "");
  const bare = one.replace(/(?<=.)Patch$/, "");
  return { group: group === "core" ? "" : group, kind: bare, list, patch: one !== bare };
}

/** Returns what a type token of Pulumi's Kubernetes packages says that an object is; undefined for any other type. */
export function kindOfToken(type: string): Kind | undefined {
  const [packaged, groupVersion, kind] = type.split(":");
  if (packaged !== "kubernetes" || groupVersion === undefined || kind === undefined) return undefined;
  return kindOf(groupVersion, kind);
}

/** Returns what an object says of itself that it is; undefined if it does not say, or not literally. */
export function kindOfObject(value: Value): Kind | undefined {
  const apiVersion = field(value, "apiVersion");
  const kind = field(value, "kind");
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  return kindOf(apiVersion, kind);
}

/** Where the template of a pod lies in an object of a kind; undefined if the kind has none. */
export function templateOf({ group, kind }: Kind): readonly string[] | undefined {
  return ["", "apps", "extensions", "batch"].includes(group) ? TEMPLATES.get(kind) : undefined;
}

const TEMPLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ["Pod", []],
  ["PodTemplate", ["template"]],
  ...["ReplicationController", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"].map(
    (kind): [string, string[]] => [kind, ["spec", "template"]],
  ),
  ["CronJob", ["spec", "jobTemplate", "spec", "template"]],
  // What a StatefulSet makes a part of its pods of.
  ["ControllerRevision", ["data", "spec", "template"]],
]);

/** Data that nothing runs by itself. */
export function isData({ group, kind }: Kind): boolean {
  return group === "" && (kind === "ConfigMap" || kind === "Secret");
}

/**
 * Kinds of Kubernetes that hold no pod, no device and no directory of a node: of these only the name and the namespace
 * matter. A kind that is not here is read whole.
 */
const INERT = new Set(
  [
    "Namespace ServiceAccount Service Endpoints Event LimitRange ResourceQuota PersistentVolumeClaim ComponentStatus",
    "HorizontalPodAutoscaler PodDisruptionBudget PodSecurityPolicy",
    "Role ClusterRole",
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    "CustomResourceDefinition APIService CertificateSigningRequest ClusterTrustBundle Lease LeaseCandidate",
    "EndpointSlice FlowSchema PriorityLevelConfiguration Ingress IngressClass NetworkPolicy IPAddress ServiceCIDR",
    "RuntimeClass PriorityClass CSIDriver CSINode CSIStorageCapacity VolumeAttachment",
  ].flatMap((names) => names.split(" ")),
);

/** Kinds of Kubernetes that hold none of these either, but texts that say to a driver what to hand out. */
const TOLD = new Set(["StorageClass", "VolumeAttributesClass"]);

/** Whether only the name, the namespace and the texts of a kind matter. */
export function isTold(kind: Kind): boolean {
  return isBuiltIn(kind) && TOLD.has(kind.kind);
}

/** Whether only the name and the namespace of a kind matter. */
export function isInert(kind: Kind): boolean {
  return isBuiltIn(kind) && INERT.has(kind.kind);
}
