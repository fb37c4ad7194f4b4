import {
  any,
  type Field,
  object,
  type ObjectShape,
  oneOf,
  optional,
  required,
  server,
  type Shape,
  text,
} from "./schema";

/** Labels and annotations that GitOps controllers add to the objects that they apply, to identify them. */
export const appliers = {
  labels: {
    "kustomize.toolkit.fluxcd.io/name": optional(text("^[a-z0-9.-]{1,63}$", "the name of a Kustomization")),
    "kustomize.toolkit.fluxcd.io/namespace": optional(text("^[a-z0-9-]{1,63}$", "its namespace")),
    "app.kubernetes.io/instance": optional(text("^[A-Za-z0-9_.-]{1,63}$", "the name of an Application")),
  },
  annotations: {
    "argocd.argoproj.io/ignore-healthcheck": optional(oneOf("true")),
    "argocd.argoproj.io/sync-options": optional(oneOf("Force=true,Replace=true")),
    "argocd.argoproj.io/tracking-id": optional(text("^[A-Za-z0-9_.:/-]{1,300}$", "Argo CD's own id")),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** The labels of everything that belongs to the test. */
export const testLabels: Readonly<Record<string, Field>> = {
  ...appliers.labels,
  "app.kubernetes.io/name": required(oneOf("fuse-test")),
  "app.kubernetes.io/managed-by": required(oneOf("pulumi")),
};

/** Fields that the API server adds to every object's metadata. */
const kept = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"];
const ending = ["deletionGracePeriodSeconds", "deletionTimestamp"];

/** Builds metadata with a literal name and, if namespaced, a literal namespace: nothing is generated or inherited. */
export function testMetadata({
  name,
  namespace,
  labels = object(testLabels),
  annotations,
}: {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Shape;
  readonly annotations?: Shape;
}): ObjectShape {
  return object({
    name: required(oneOf(name)),
    ...(namespace === undefined ? {} : { namespace: required(oneOf(namespace), "namespace") }),
    labels: required(labels),
    ...(annotations === undefined ? {} : { annotations: optional(annotations) }),
    ...Object.fromEntries([...kept, ...ending].map((key) => [key, server(any)])),
  });
}
