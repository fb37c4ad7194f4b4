import { field, type Value } from "./snapshot";

/** An object's kind, the same for all spellings of it: versions, patches and lists. */
export interface Kind {
  /** API group without version; empty for the core group. */
  readonly group: string;
  /** Kind without `Patch` and `List`. */
  readonly kind: string;
  /** True for a list of objects of that kind, or of any kind if it is empty. */
  readonly list: boolean;
  /** True for a patch of an object, of which the rest is not visible. */
  readonly patch: boolean;
}

/** The groups that Kubernetes itself serves, or served. */
const BUILT_IN =
  /^(|apps|extensions|batch|autoscaling|policy|(admissionregistration|apiextensions|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io|(apiregistration)\.k8s\.io)$/;

/** Returns true if Kubernetes itself defines the fields of a kind. */
export function isBuiltIn({ group }: Kind): boolean {
  return BUILT_IN.test(group);
}

/** Returns the kind for an `apiVersion` and the name of a kind. */
export function kindOf(apiVersion: string, kind: string): Kind {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.lastIndexOf("/")) : "";
  const list = kind.endsWith("List");
  const one = kind.replace(/List$/, "");
  const bare = one.replace(/(?<=.)Patch$/, "");
  return { group: group === "core" ? "" : group, kind: bare, list, patch: one !== bare };
}

/** Returns the kind for a type token of Pulumi's Kubernetes packages; undefined for any other type. */
export function kindOfToken(type: string): Kind | undefined {
  const [packaged, groupVersion, kind] = type.split(":");
  if (packaged !== "kubernetes" || groupVersion === undefined || kind === undefined) return undefined;
  return kindOf(groupVersion, kind);
}

/** Returns the kind by an object's own `apiVersion` and `kind`; undefined unless both are literal texts. */
export function kindOfObject(value: Value): Kind | undefined {
  const apiVersion = field(value, "apiVersion");
  const kind = field(value, "kind");
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  return kindOf(apiVersion, kind);
}

/** Returns the path of the pod template in an object of a kind; undefined if the kind has none. */
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
  // A StatefulSet creates some of its pods from a revision.
  ["ControllerRevision", ["data", "spec", "template"]],
]);

/** Returns true for data that no controller runs. */
export function isData({ group, kind }: Kind): boolean {
  return group === "" && (kind === "ConfigMap" || kind === "Secret");
}

/**
 * Kinds of Kubernetes without a pod, a device or a directory of a node: of these only the name and the namespace
 * matter. All fields of any other kind are read.
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

/** Kinds of Kubernetes without these, but with texts that are a driver's parameters. */
const WITH_DRIVER_TEXTS = new Set(["StorageClass", "VolumeAttributesClass"]);

/** Returns true if only the name, the namespace and the texts of a kind matter. */
export function hasDriverTexts(kind: Kind): boolean {
  return isBuiltIn(kind) && WITH_DRIVER_TEXTS.has(kind.kind);
}

/** Returns true if only the name and the namespace of a kind matter. */
export function isInert(kind: Kind): boolean {
  return isBuiltIn(kind) && INERT.has(kind.kind);
}
