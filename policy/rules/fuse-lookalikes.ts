import { step, type Violation } from "./check";
import { isInert, isData, type Kind, kindOf, kindOfObject, kindOfToken, templateOf } from "./kinds";
import { declared, hasTexts, identityFindings, listFindings, objectFindings } from "./object-findings";
import type { Part } from "./pod-parts";
import { runsContainers } from "./pod-findings";
import { searchFindings, textFindings, written } from "./search";
import { children, isOpaque, walk } from "./tree";
import { unreadable } from "./unreadable";
import { field, type Fields, isFields, UNKNOWN, type Value } from "./snapshot";

/** Parts of a pod that are judged field by field, and whose texts no other program reads. */
const NOT_TEXTS = ["volumes", "volumeMounts"];

/** Judges the texts of an object whose fields are known as manifests that a program could apply. */
function textsIn(part: Part): Violation[] {
  return children(part).flatMap((child) => {
    if (NOT_TEXTS.includes(child.key)) return [];
    if (typeof child.value !== "string") return textsIn(child);
    return [...textFindings(child), ...(isOpaque(child.value) ? [] : textSearch(child))];
  });
}

/** Judges the manifests in a text. */
function textSearch(text: Part): Violation[] {
  return searchFindings(text, { strict: false, judge });
}

/** Judges an object by its kind: by its fields if they are known, else by a search of all of it. */
function judge(kind: Kind, part: Part): Violation[] {
  return [
    ...listFindings(kind, part),
    ...declared(kind, part).flatMap(({ kind: one, part: object }) => {
      const known = objectFindings(one, object);
      if (known !== undefined) return [...known, ...(hasTexts(one) ? textsIn(object) : [])];
      const parts = written(one, object);
      return [
        ...identityFindings(object),
        ...parts.flatMap((each) => searchFindings(each, { strict: true, judge })),
      ];
    }),
  ];
}

/** Kinds that another package's type of the same name has if it has the fields of an object. */
const NAMED_ALONE = ["Namespace"];

/** Returns the kind of another package's object, whose type has the name of a kind and whose fields have its shape. */
function kindByShape(type: string, props: Value): Kind | undefined {
  const name = type.slice(type.lastIndexOf(":") + 1).replace(/V\d+((alpha|beta)\d+)?$/, "");
  const kind = kindOf("v1", name);
  const shaped = field(props, "metadata") !== undefined || runsContainers(field(props, "spec") ?? null);
  const known = templateOf(kind) !== undefined || NAMED_ALONE.includes(kind.kind);
  return shaped && known ? kind : undefined;
}

/** Returns the kinds that a resource can have, by its type and by its own `apiVersion` and `kind`. */
export function kindsOf(type: string, props: Value): Kind[] {
  const token = kindOfToken(type);
  const own = kindOfObject(props);
  const kinds = [token, own].filter((kind) => kind !== undefined);
  if (kinds.length === 0) return [kindByShape(type, props)].filter((kind) => kind !== undefined);
  const [first, second] = kinds;
  const same = first?.group === second?.group && first?.kind === second?.kind && first?.list === second?.list;
  return same ? kinds.slice(0, 1) : kinds;
}

/** Returns each violation once. */
function distinct(violations: readonly Violation[]): Violation[] {
  const seen = new Set<string>();
  return violations.filter(({ topic, path }) => {
    const known = `${topic} ${path}`;
    return seen.has(known) ? false : seen.add(known);
  });
}

/**
 * Returns the values that make a resource a FUSE test, or something that could be one: in its fields, in the objects
 * that it lists, or in the manifests in its texts.
 */
export function suspicions(type: string, props: Value): Violation[] {
  const root: Part = { path: "", value: props };
  const kinds = kindsOf(type, props);
  const judged = kinds.flatMap((kind) => judge(kind, root));
  if (kindOfToken(type) !== undefined) return distinct([...unreadable(root), ...judged]);
  // Another package's types may spell the fields of a pod in their own way.
  return distinct([...judged, ...searchFindings(root, { strict: false, judge })]);
}

/** Returns every object in a value that runs containers, with its path. */
export function podSpecs(value: Value): { readonly path: string; readonly spec: Fields }[] {
  const root: Part = { path: "", value };
  return [root, ...walk(value)].flatMap(({ path, value: spec }) => {
    const unknown = ["containers", "initContainers", "ephemeralContainers"].some(
      (key) => field(spec, key) === UNKNOWN,
    );
    return isFields(spec) && (unknown || runsContainers(spec)) ? [{ path, spec }] : [];
  });
}

/** Fields in which other controllers name their target namespace. */
const TARGETS = ["targetNamespace"];

interface Named {
  readonly path: string;
  readonly namespace: Value;
}

/** Returns every namespace that a resource names for an object, with its path: in metadata, and as a controller's target. */
export function namespaces(type: string, props: Value): Named[] {
  const kinds = kindsOf(type, props);
  const plain = kinds.length > 0 && kinds.every((kind) => (isInert(kind) || isData(kind)) && !kind.list);
  const nodes = plain ? children({ path: "", value: props }) : [...walk(props)];
  const writes = kinds.some(({ group }) => group === "helm.sh" || group === "kustomize");
  const ofRelease = writes ? field(props, "namespace") : undefined;
  const named: Named[] = ofRelease === undefined ? [] : [{ path: "namespace", namespace: ofRelease }];
  return [
    ...named,
    ...nodes.flatMap(({ path, key, value }): Named[] => {
      if (TARGETS.includes(key) && kinds.length > 0) return [{ path, namespace: value }];
      const namespace = ["metadata", "destination"].includes(key) ? field(value, "namespace") : undefined;
      return namespace === undefined ? [] : [{ path: step(path, "namespace"), namespace }];
    }),
  ];
}
