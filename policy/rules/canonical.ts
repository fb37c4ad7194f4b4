import { field, fieldAt, type Fields, isFields, isList, type Value } from "./snapshot";

/** Returns true if Kubernetes treats a field with this value as absent, whatever the field is. */
function isAbsent(value: Value | undefined): boolean {
  return value === null || value === undefined || (isList(value) && value.length === 0);
}

/**
 * Returns data in the one form in which it is compared: without the fields that Kubernetes treats as absent, at any
 * depth. Pulumi's official Kubernetes provider passes an object to policies after converting it to Kubernetes' own types
 * and back, and that conversion drops empty lists and nulls. An empty object is kept: `emptyDir: {}`
 * and `podSelector: {}` have a meaning. So is an empty item of a list: one empty rule of a network policy allows all.
 * Source: `normalizeInputs` in provider/pkg/provider/provider.go of github.com/pulumi/pulumi-kubernetes.
 */
export function canonical(value: Value): Value {
  if (isList(value)) return value.map(canonical);
  if (!isFields(value)) return value;
  const fields: Fields = value;
  const present = Object.entries(fields).filter(([, content]) => !isAbsent(content));
  return Object.fromEntries(present.map(([key, content]) => [key, canonical(content)]));
}

/** Returns true if an optional field is equivalent to an absent one: it is an object without content. */
export function isEmptyObject(value: Value | undefined): boolean {
  return isFields(value) && Object.keys(value).length === 0;
}

/** Cluster-scoped kinds of the test. The provider can read their scope only from the cluster. */
const CLUSTER_SCOPED: readonly (Value | undefined)[] = [
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
];

/**
 * Returns an object in its canonical form. If the cluster does not answer, the provider adds the namespace `default` to
 * objects of kinds of unknown scope. On a cluster-scoped kind that has no effect: the API server refuses it.
 * Source: `Check` in provider/pkg/provider/provider.go of github.com/pulumi/pulumi-kubernetes.
 */
export function canonicalObject(value: Value): Value {
  const metadata = field(value, "metadata");
  const isAdded =
    field(value, "apiVersion") === "admissionregistration.k8s.io/v1" &&
    CLUSTER_SCOPED.includes(field(value, "kind")) &&
    fieldAt(metadata, "namespace") === "default";
  if (!isAdded || !isFields(value) || !isFields(metadata)) return canonical(value);
  return canonical({ ...value, metadata: { ...metadata, namespace: null } });
}
