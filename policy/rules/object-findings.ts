import type { Violation } from "./check";
import { DEPLOYERS } from "../admission/deployer";
import { isBuiltIn, isData, isInert, hasDriverTexts, type Kind, kindOfObject, templateOf } from "./kinds";
import { directoryFindings, driverFindings, finding, isFuse, itemsOf, type Part, within } from "./pod-parts";
import { specFindings } from "./pod-findings";
import { children, isOpaque, type Node } from "./tree";
import { describe, field, fieldAt, isList, items, type Value } from "./snapshot";
import { unreadable } from "./unreadable";
import { NODES } from "./allowlist";

/** Follows names into a part. A value on the way that cannot be read could contain anything. */
function follow(
  part: Part,
  names: readonly string[],
): { readonly part?: Part; readonly findings: Violation[] } {
  const findings = unreadable(part);
  const [name, ...rest] = names;
  if (findings.length > 0) return { findings };
  if (name === undefined) return { part, findings: [] };
  const next = within(part, name);
  return next === undefined ? { findings: [] } : follow(next, rest);
}

/** Returns the names of the volumes that a StatefulSet claims for its pods. */
function claimed({ value }: Part): (Value | undefined)[] {
  return items(fieldAt(value, "spec", "volumeClaimTemplates")).map((claim) =>
    fieldAt(claim, "metadata", "name"),
  );
}

function templateFindings(root: Part, names: readonly string[], { patch }: Kind): Violation[] {
  const { part, findings } = follow(root, names);
  if (part === undefined) return findings;
  const spec = within(part, "spec");
  const metadata = within(part, "metadata");
  return spec === undefined
    ? metadata === undefined
      ? []
      : unreadable(metadata)
    : specFindings(spec, { metadata, claimed: claimed(root), patch });
}

/** Judges a volume of the cluster. A pod selects a part of it (`subPath`) elsewhere, so it may not be above a forbidden path. */
function persistentVolumeFindings(root: Part): Violation[] {
  const spec = within(root, "spec");
  return [
    ...["hostPath", "local"].flatMap((key) => {
      const { part, findings } = follow(root, ["spec", key, "path"]);
      return part === undefined ? findings : [...findings, ...directoryFindings(part, true)];
    }),
    ...(spec === undefined ? [] : driverFindings(spec)),
  ];
}

/** Fields that select a device or provide it. */
const CHOOSING = ["deviceClassName", "expression", "driver", "extendedResourceName"];

function* strings(part: Node): Generator<Node> {
  yield part;
  for (const child of children(part)) yield* strings(child);
}

/** Judges every field that selects devices. */
function choiceFindings(root: Part, names: readonly string[]): Violation[] {
  const { part, findings } = follow(root, names);
  if (part === undefined) return findings;
  return [...strings({ ...part, key: "" })].flatMap((node) => {
    if (isOpaque(node.value)) return unreadable(node);
    return CHOOSING.includes(node.key) && isFuse(node.value)
      ? [finding(node.path, node.value, "no FUSE device")]
      : [];
  });
}

function classFindings(root: Part): Violation[] {
  const name = fieldAt(root.value, "metadata", "name");
  return [
    ...(isFuse(name) ? [finding("metadata.name", name, "no FUSE device")] : []),
    ...choiceFindings(root, ["spec"]),
  ];
}

function nodeFindings({ path, value }: Part): Violation[] {
  const label = fieldAt(value, "metadata", "labels", "kubernetes.io/hostname");
  const labels = fieldAt(value, "metadata", "labels");
  const name = fieldAt(value, "metadata", "name");
  const borrowed =
    isOpaque(label) || isOpaque(labels) || (NODES.some((node) => node === label) && label !== name);
  const at = `${path === "" ? "" : `${path}.`}metadata.labels["kubernetes.io/hostname"]`;
  return borrowed ? [finding(at, label ?? labels, `${describe(name)}, the node's own name`)] : [];
}

/** Judges the subjects of a binding: the deployers have only their own bindings. */
function bindingFindings(root: Part): Violation[] {
  const { part, findings } = follow(root, ["subjects"]);
  if (part === undefined) return findings;
  const more = children(part).filter(({ value }) => {
    const kind = field(value, "kind");
    const name = field(value, "name");
    return (
      isOpaque(value) || ((kind === "Group" || isOpaque(kind)) && (name === DEPLOYERS || isOpaque(name)))
    );
  });
  return [
    ...findings,
    ...more.map(({ path, value }) => finding(path, value, `no further rights for the group ${DEPLOYERS}`)),
  ];
}

/** Requires that the kind, name and namespace of an object are readable: an object without identity could be any. */
export function identityFindings(root: Part): Violation[] {
  const metadata = within(root, "metadata");
  return [
    ...["apiVersion", "kind"].flatMap((key) => {
      const part = within(root, key);
      return part === undefined ? [] : unreadable(part);
    }),
    ...(metadata === undefined
      ? []
      : [
          ...unreadable(metadata),
          ...["name", "namespace"].flatMap((key) => {
            const part = within(metadata, key);
            return part === undefined ? [] : unreadable(part);
          }),
        ]),
  ];
}

const JUDGES: ReadonlyMap<string, (root: Part) => Violation[]> = new Map([
  ["PersistentVolume", persistentVolumeFindings],
  ["ResourceClaim", (root: Part) => choiceFindings(root, ["spec"])],
  ["ResourceClaimTemplate", (root: Part) => choiceFindings(root, ["spec"])],
  ["DeviceClass", classFindings],
  ["Node", nodeFindings],
  ["RoleBinding", bindingFindings],
  ["ClusterRoleBinding", bindingFindings],
]);

/** Returns the objects in a list, each with its own kind or else that of the list. */
function listed(kind: Kind, root: Part): { readonly kind: Kind; readonly part: Part }[] {
  return itemsOf(root, "items").map((item) => ({
    kind: kindOfObject(item.value) ?? kind,
    part: item,
  }));
}

/** Returns the objects of a kind that a resource declares: itself, or those that it lists. */
export function declared(kind: Kind, root: Part): { readonly kind: Kind; readonly part: Part }[] {
  return kind.list && isList(field(root.value, "items")) ? listed(kind, root) : [{ kind, part: root }];
}

/**
 * Judges an object of a kind whose fields are known.
 * @returns undefined for any other kind, which must be searched.
 */
export function objectFindings(kind: Kind, root: Part): Violation[] | undefined {
  const template = templateOf(kind);
  const identity = identityFindings(root);
  if (template !== undefined) return [...identity, ...templateFindings(root, template, kind)];
  const judge = isBuiltIn(kind) ? JUDGES.get(kind.kind) : undefined;
  if (judge !== undefined) return [...identity, ...judge(root)];
  return isInert(kind) || hasDriverTexts(kind) || isData(kind) ? identity : undefined;
}

/** Returns true if an object of a kind is searched for texts that describe a FUSE test: not if no program runs them. */
export function hasTexts(kind: Kind): boolean {
  return !isInert(kind) && !isData(kind);
}

/** Returns a violation for each part of a list that cannot be read. */
export function listFindings(kind: Kind, root: Part): Violation[] {
  const list = kind.list ? within(root, "items") : undefined;
  if (list === undefined) return [];
  return [...unreadable(list), ...(isList(list.value) ? children(list).flatMap(unreadable) : [])];
}
