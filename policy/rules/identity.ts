import { NAMESPACE } from "./allowlist";
import type { Violation } from "./check";
import { kindOfObject, type Kind } from "./kinds";
import { declared } from "./object-findings";
import { type KnownObject, OBJECTS } from "./expected-objects";
import type { Part } from "./pod-parts";
import { folded } from "./spelling";
import { kindsOf } from "./fuse-lookalikes";
import { contentOf, isOpaque, walk } from "./tree";
import { describe, field, fieldAt, items, type Value } from "./snapshot";

function groupOf({ apiVersion }: KnownObject): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.lastIndexOf("/")) : "";
}

/** Returns the object of the test that an object would change, by its kind and name over all versions, patches and lists. */
function changes({ group, kind }: Kind, { value }: Part): KnownObject | undefined {
  const name = fieldAt(value, "metadata", "name");
  const namespace = folded(fieldAt(value, "metadata", "namespace"));
  return OBJECTS.find(
    (known) =>
      groupOf(known) === group &&
      known.kind === kind &&
      known.name === name &&
      (known.namespace === undefined || namespace === known.namespace),
  );
}

/** Returns the objects that a resource declares, and those that it contains as manifests. */
function objectsIn(type: string, props: Value): { readonly kind: Kind; readonly part: Part }[] {
  const root: Part = { path: "", value: props };
  const nested = [...walk(props)].flatMap((part): { readonly kind: Kind; readonly part: Part }[] => {
    const kind = kindOfObject(part.value);
    return kind === undefined ? [] : [{ kind, part }];
  });
  return [...kindsOf(type, props).map((kind) => ({ kind, part: root })), ...nested].flatMap(
    ({ kind, part }) => declared(kind, part),
  );
}

/**
 * Returns a violation for each object of the test that a resource changes in another way than by declaring it with its
 * own type and version.
 */
export function impostors(type: string, props: Value): Violation[] {
  return objectsIn(type, props).flatMap(({ kind, part }) => {
    const known = changes(kind, part);
    return known === undefined
      ? []
      : [
          {
            topic: "resource" as const,
            path: part.path === "" ? "metadata.name" : `${part.path}.metadata.name`,
            found: `${describe(known.name)} of a ${type}`,
            required: `that ${known.kind} ${known.name} is declared as ${known.token} alone`,
          },
        ];
  });
}

/** Returns the namespace that a kubeconfig gives to objects without one; undefined if it has none, or is only a path. */
function namespaceOf(kubeconfig: string, context: Value | undefined): Value | undefined {
  const [config] = contentOf(kubeconfig).documents;
  const chosen = context ?? field(config, "current-context");
  const contexts = items(field(config, "contexts"));
  const named = contexts.filter((one) => field(one, "name") === chosen);
  // A context that cannot be read could be any.
  const candidates = typeof chosen === "string" && !isOpaque(chosen) ? named : contexts;
  const all = candidates.map((one) => fieldAt(one, "context", "namespace"));
  return all.find((namespace) => folded(namespace) === NAMESPACE) ?? all[0];
}

/** Judges the namespace that a provider gives to objects without one: it would put them into the test's namespace. */
export function providerViolations(type: string, props: Value): Violation[] {
  if (type !== "pulumi:providers:kubernetes") return [];
  const namespace = field(props, "namespace");
  const kubeconfig = field(props, "kubeconfig");
  const wrong = (path: string, found: Value | undefined, required: string): Violation[] => [
    { topic: "namespace", path, found: describe(found), required },
  ];
  if (isOpaque(namespace)) return wrong("namespace", namespace, "a value that is known and not secret");
  if (folded(namespace) === NAMESPACE) return wrong("namespace", namespace, "that it is not set");
  if (typeof namespace === "string" && namespace !== "") return [];
  if (isOpaque(kubeconfig)) {
    return wrong("namespace", namespace, "a literal namespace beside a kubeconfig that cannot be read");
  }
  if (typeof kubeconfig !== "string") return [];
  const ofContext = namespaceOf(kubeconfig, field(props, "context"));
  return folded(ofContext) === NAMESPACE
    ? wrong("kubeconfig", ofContext, `a context whose namespace is not ${describe(NAMESPACE)}`)
    : [];
}
