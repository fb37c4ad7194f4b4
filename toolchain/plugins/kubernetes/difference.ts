import type { Difference, PropertyDifference } from "../rpc/provider";
import { equal, isProperties, isUnknown, type Properties, revealAll, type Value } from "../rpc/values";
import type { Kind } from "./kinds";
import { AUTONAMED, annotationsOf, metadataOf } from "./objects";

/** Which kinds may change in place where the official plugin replaces them by default. */
export interface Mutability {
  readonly configMapMutable: boolean;
  readonly secretMutable: boolean;
}

interface Leaf {
  readonly segments: readonly (string | number)[];
  readonly kind: PropertyDifference["kind"];
}

/** Where two values differ, as deep as possible. */
function leaves(
  was: Value | undefined,
  is: Value | undefined,
  segments: readonly (string | number)[],
): Leaf[] {
  if (equal(was, is)) return [];
  if (was === undefined || was === null) return is === null ? [] : [{ segments, kind: "add" }];
  if (is === undefined || is === null) return [{ segments, kind: "delete" }];
  if (Array.isArray(was) && Array.isArray(is)) {
    return Array.from({ length: Math.max(was.length, is.length) }).flatMap((_, index) =>
      leaves(was[index], is[index], [...segments, index]),
    );
  }
  if (isProperties(was) && isProperties(is)) {
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
      leaves(was[key], is[key], [...segments, key]),
    );
  }
  return [{ segments, kind: "update" }];
}

/** A path in the engine's notation: `spec.containers[0].image`, `data["key.with.dots"]`. */
export function pathText(segments: readonly (string | number)[]): string {
  return segments
    .map((segment, index) => {
      if (typeof segment === "number") return `[${segment}]`;
      if (!/^[\w$]+$/u.test(segment)) return `[${JSON.stringify(segment)}]`;
      return index === 0 ? segment : `.${segment}`;
    })
    .join("");
}

/** What the API server lets a pod change. Source: `ValidatePodUpdate` of Kubernetes 1.34. */
const MUTABLE_IN_POD = [/^spec\.(?:initC|c)ontainers\[\d+\]\.image$/u, /^spec\.activeDeadlineSeconds$/u];

/** What the API server, or the official plugin by default, does not change in place. */
const IMMUTABLE: Readonly<Record<string, RegExp>> = {
  RoleBinding: /^roleRef\b/u,
  ClusterRoleBinding: /^roleRef\b/u,
  ResourceQuota: /^spec\.scope/u,
  Secret: /^type$/u,
};

/** Whether a pod only gains tolerations, which may be added and never taken away or changed. */
function gainsTolerations(path: string, kind: PropertyDifference["kind"]): boolean {
  return /^spec\.tolerations(?:\[\d+\])?$/u.test(path) && kind === "add";
}

function mayNotMutate(kind: Kind, olds: Properties, mutability: Mutability): boolean {
  if (olds.immutable === true) return true;
  if (kind.kind === "ConfigMap") return !mutability.configMapMutable;
  return kind.kind === "Secret" && !mutability.secretMutable;
}

/** Whether a change at a path cannot be made in place. */
export function replaces(
  kind: Kind,
  change: { readonly path: string; readonly kind: PropertyDifference["kind"] },
  content: boolean,
): boolean {
  const { path } = change;
  if (path === "metadata.name" || path === "metadata.namespace") return true;
  if (kind.kind === "Pod") {
    if (!path.startsWith("spec")) return false;
    return !MUTABLE_IN_POD.some((mutable) => mutable.test(path)) && !gainsTolerations(path, change.kind);
  }
  if (content && /^(?:data|binaryData|stringData|immutable)\b/u.test(path)) return true;
  return IMMUTABLE[kind.kind]?.test(path) ?? false;
}

/** Whether a name is known, chosen by the program, and stays: then the old object must go first. */
function keepsName(olds: Properties, news: Properties): boolean {
  const before = metadataOf(olds);
  const after = metadataOf(news);
  if (isUnknown(after.name) || annotationsOf(news)[AUTONAMED] === "true") return false;
  return before.name === after.name && before.namespace === after.namespace;
}

/** How an object's new inputs differ from its old ones, and what of it replaces the object. */
export function diffObjects(
  kind: Kind,
  {
    olds,
    news,
    mutability,
  }: { readonly olds: Properties; readonly news: Properties; readonly mutability: Mutability },
): Difference {
  const before = revealAll(olds);
  const after = revealAll(news);
  const content =
    (kind.kind === "ConfigMap" || kind.kind === "Secret") && mayNotMutate(kind, before, mutability);
  const properties = leaves(before, after, []).map(({ segments, kind: change }): PropertyDifference => {
    const path = pathText(segments);
    return { path, kind: change, replaces: replaces(kind, { path, kind: change }, content) };
  });
  const replacing = properties.some((property) => property.replaces);
  return { properties, deleteBeforeReplace: replacing && keepsName(before, after) };
}
