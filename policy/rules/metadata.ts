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
} from "./schema";

/** The labels of everything that belongs to the test. */
export const testLabels: Readonly<Record<string, Field>> = {
  "app.kubernetes.io/name": required(oneOf("fuse-test")),
  "app.kubernetes.io/managed-by": required(oneOf("pulumi")),
};

/** What the API server keeps in every object's metadata. */
const kept = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"];
const ending = ["deletionGracePeriodSeconds", "deletionTimestamp"];

/** Metadata with a literal name and, in a namespace, a literal namespace: nothing is generated or inherited. */
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
