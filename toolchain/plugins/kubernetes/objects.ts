import { createHash } from "node:crypto";
import {
  asSecret,
  equal,
  isProperties,
  isSecret,
  mapValues,
  type Properties,
  reveal,
  revealAll,
  type Value,
} from "../rpc/values";
import type { Kind } from "./kinds";

/** Set by the provider on objects whose name it made up. */
export const AUTONAMED = "pulumi.com/autonamed";

/** An object's metadata, without the wrappers of secrets. */
export function metadataOf(object: Properties): Properties {
  const metadata = reveal(object.metadata ?? {});
  return isProperties(metadata) ? metadata : {};
}

/** An object's properties but one. */
export function without(object: Properties, key: string): Properties {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** An object's annotations, without the wrappers of secrets. */
export function annotationsOf(object: Properties): Properties {
  const { annotations } = metadataOf(object);
  return isProperties(annotations) ? annotations : {};
}

/** An object's labels and annotations as well as its content, without what is null or internal. */
export function pruned(properties: Properties): Properties {
  const prune = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(prune);
    if (!isProperties(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, child]) => child !== null)
        .map(([key, child]): [string, Value] => [key, prune(child)]),
    );
  };
  const visible = Object.entries(properties).filter(([key]) => !key.startsWith("__"));
  return prune(Object.fromEntries(visible)) as Properties;
}

/** The object that a field manager applies: revealed, and without what only the API server writes. */
export function applied(kind: Kind, inputs: Properties): Properties {
  return { ...without(pruned(revealAll(inputs)), "status"), apiVersion: kind.apiVersion, kind: kind.kind };
}

/**
 * The name that a resource's fields are managed by. One for each resource, as by the official plugin: two
 * resources that fight over an object are found out as a conflict.
 */
export function fieldManager(urn: string, inputs: Properties): string {
  const chosen = annotationsOf(inputs)["pulumi.com/patchFieldManager"];
  if (typeof chosen === "string") return chosen;
  return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

/** The inputs with a namespace and a name. */
export function named(
  kind: Kind,
  inputs: Properties,
  { olds, namespace, autoname }: { olds: Properties; namespace: string; autoname: () => string },
): Properties {
  const metadata = metadataOf(inputs);
  const place = kind.namespaced && metadata.namespace === undefined ? { namespace } : {};
  if (metadata.name !== undefined) return withMetadata(inputs, { ...metadata, ...place });
  const before = metadataOf(olds);
  const kept = annotationsOf(olds)[AUTONAMED] === "true" ? before.name : undefined;
  return withMetadata(inputs, {
    ...metadata,
    ...place,
    name: kept ?? autoname(),
    annotations: { ...annotationsOf(inputs), [AUTONAMED]: "true" },
  });
}

function withMetadata(inputs: Properties, metadata: Properties): Properties {
  if (isSecret(inputs.metadata)) return { ...inputs, metadata: asSecret(metadata) };
  const given: Properties = isProperties(inputs.metadata) ? inputs.metadata : {};
  // Secrets inside the metadata stay secret where the value is the same.
  const kept = mapValues(metadata, (value, key) => {
    const old = given[key];
    return old !== undefined && equal(reveal(old), value) ? old : value;
  });
  return { ...inputs, metadata: kept };
}

/** Marks what came from secrets as secret, and all that a Secret holds. */
export function outputsOf(kind: Kind, live: Properties, inputs: Properties): Properties {
  const metadata = without(metadataOf(live), "managedFields");
  const marked = markSecrets({ ...live, metadata }, inputs) as Properties;
  if (kind.kind !== "Secret") return marked;
  return mapValues(marked, (value, key) =>
    key === "data" || key === "stringData" ? asSecret(reveal(value)) : value,
  );
}

function markSecrets(live: Value, inputs: Value | undefined): Value {
  if (isSecret(inputs)) return asSecret(live);
  if (Array.isArray(live) && Array.isArray(inputs)) {
    return live.map((value, index) => markSecrets(value, inputs[index]));
  }
  if (isProperties(live) && isProperties(inputs)) {
    return mapValues(live, (value, key) => markSecrets(value, inputs[key]));
  }
  return live;
}
