import type { Violation } from "./check";
import { describesTest } from "./embedded";
import { canBeForbidden, isForbidden } from "./host-path";
import { type Kind, kindOfObject } from "./kinds";
import { runsContainers } from "./pod-findings";
import {
  annotationFindings,
  areTestLabels,
  asksForDevice,
  deviceFindings,
  directoryFindings,
  driverFindings,
  finding,
  isFuse,
  isTestImage,
  mayMount,
  mountFindings,
  type Part,
  runsFuse,
  runtimeFindings,
  within,
} from "./pod-parts";
import { children, contentOf, documentsIn, isOpaque, type Node } from "./tree";
import { isOneText, unreadable, unreadableInPod } from "./unreadable";
import { field, isFields, isList, items, type Value } from "./snapshot";

/** Judges an object within another, or in a text. */
export type JudgeObject = (kind: Kind, part: Part) => Violation[];

interface Search {
  /** True if Kubernetes reads the value, so that a value that cannot be read could be a pod. */
  readonly strict: boolean;
  /** Number of texts that contain the value. */
  readonly texts: number;
  readonly judge: JudgeObject;
}

/** Texts in texts beyond which nothing is parsed: every level doubles the escapes, and a rule must end. */
const DEEPEST_TEXT = 8;

/** Returns the same name for all spellings of a field in different languages: `host_path` is `hostPath`. */
function folded(key: string): string {
  return key.replaceAll(/[_-]/g, "").toLowerCase();
}

/** Fields of a pod's mounts and volumes by their folded names. */
const SPELLED: ReadonlyMap<string, string> = new Map(
  ["hostPath", "mountPropagation", "subPath", "subPathExpr"].map((name) => [name.toLowerCase(), name]),
);

/** Returns an object with one spelling of the fields that matter in a mount and in a volume. */
function spelled(value: Value): Value {
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Value] => {
    const name = SPELLED.get(folded(key)) ?? key;
    const shared =
      name === "mountPropagation" && typeof item === "string" && /^\s*bidirectional\s*$/i.test(item);
    return [name, shared ? "Bidirectional" : item];
  });
  return Object.fromEntries(entries);
}

/** Requirement for a text that exceeds a limit. */
const SHORT_AND_FLAT = "a text that is short and flat enough to be read";

/** Judges a text that could not be parsed, or that is no manifest. */
export function textFindings({ path, value }: Part): Violation[] {
  if (typeof value !== "string" || isOpaque(value)) return [];
  const { unread, describing } = contentOf(value);
  if (unread) return [finding(path, value, SHORT_AND_FLAT)];
  return describing ? [finding(path, value, "a text that describes no FUSE test")] : [];
}

interface Found {
  /** All searched values except objects that were judged by their kind. */
  readonly nodes: Node[];
  readonly findings: Violation[];
}

function visitText(node: Node, search: Search, found: Found): void {
  found.findings.push(...textFindings(node));
  if (search.texts >= DEEPEST_TEXT) {
    if (documentsIn(node).length > 0) found.findings.push(finding(node.path, node.value, SHORT_AND_FLAT));
    return;
  }
  for (const document of documentsIn(node)) visit(document, { ...search, texts: search.texts + 1 }, found);
}

function visit(node: Node, search: Search, found: Found): void {
  const { key, value } = node;
  if (describesTest(key)) found.findings.push(finding(node.path, key, "a text that describes no FUSE test"));
  if (isOpaque(value)) {
    if (search.strict && !isOneText(key)) found.findings.push(...unreadable(node));
    found.nodes.push(node);
    return;
  }
  if (typeof value === "string") {
    found.nodes.push(node);
    visitText(node, search, found);
    return;
  }
  const kind = kindOfObject(value);
  if (kind !== undefined) found.findings.push(...search.judge(kind, node));
  else visitChildren(node, search, found);
}

function visitChildren(node: Node, search: Search, found: Found): void {
  found.nodes.push(node);
  const pod = runsContainers(node.value);
  if (pod && search.strict) found.findings.push(...unreadableInPod(node));
  for (const child of children(node)) visit(child, pod ? { ...search, strict: false } : search, found);
}

/** Judges a directory of the node by the name of its field: of a volume, whose path is a text or its field `path`. */
function directoryOf({ path, key, value }: Node): Violation[] {
  if (!["hostpath", "local"].includes(folded(key))) return [];
  if (isOpaque(value)) return folded(key) === "hostpath" ? directoryFindings({ path, value }) : [];
  if (typeof value === "string") return isForbidden(value) ? directoryFindings({ path, value }) : [];
  const inner = within({ path, value }, "path");
  return inner !== undefined && (typeof inner.value === "string" || isOpaque(inner.value))
    ? directoryFindings(inner)
    : [];
}

/** Returns the texts of a document that can name a FUSE program, as one container. */
function program(nodes: readonly Node[]): Value {
  const texts = nodes.filter(({ key }) => ["image", "command", "args"].includes(key));
  return {
    args: texts.flatMap(({ value }) => (isList(value) ? value : isFields(value) ? [] : [value])),
    env: nodes.flatMap(({ key, value }) => (key === "value" ? [{ value }] : [])),
  };
}

/** Returns true if a text is completed later: a template of a chart, or one with a variable. */
function isTemplate(text: string): boolean {
  return /\{\{|\$[({]|<%/.test(text);
}

function isMount({ value }: Node): boolean {
  const propagation = field(value, "mountPropagation");
  if (propagation === undefined) {
    return ["subPath", "subPathExpr"].some((key) => typeof field(value, key) === "string");
  }
  if (typeof propagation !== "string") return isOpaque(propagation);
  return propagation === "Bidirectional" || isOpaque(propagation) || isTemplate(propagation);
}

/**
 * Judges an object that sets a field by its name in a text, as a JSON patch and a parameter of a chart do. The text
 * ends in the field's name: `/spec/volumes/0/hostPath/path`, `mounts[0].mountPropagation`.
 */
function settingFindings({ path, value }: Node): Violation[] {
  const set = field(value, "value");
  if (typeof set !== "string") return [];
  const names = ["path", "name", "key"].flatMap((key) => {
    const name = field(value, key);
    return typeof name === "string" ? [name] : [];
  });
  const wrong = names.some((name) => {
    const last = folded(name);
    if (last.endsWith("mountpropagation")) return set.trim().toLowerCase() === "bidirectional";
    if (/hostpath([/.]path)?$/.test(last)) return isForbidden(set);
    return asksForDevice(name, set) || (last.endsWith("subpath") && canBeForbidden(set));
  });
  return wrong ? [finding(path, set, "a value that makes no FUSE test")] : [];
}

function privilegeFindings(nodes: readonly Node[]): Violation[] {
  const ours = nodes.some(({ key, value }) => {
    const name = folded(key);
    return (
      (name.endsWith("image") && isTestImage(value)) || (name.endsWith("labels") && areTestLabels(value))
    );
  });
  if (!ours) return [];
  return nodes
    .filter(({ key, value }) => folded(key).endsWith("securitycontext") && mayMount(value))
    .map(({ path, value }) => finding(path, value, "no privilege beside the test's own image or labels"));
}

/** Returns the violations that depend on several places of one document. */
function factsOf(nodes: readonly Node[]): Violation[] {
  const same = nodes.map((node): Node => ({ ...node, value: spelled(node.value) }));
  const surroundings = {
    volumes: same.map(({ value }) => value).filter((value) => field(value, "hostPath") !== undefined),
    fuse: runsFuse([program(nodes)]),
    patch: false,
  };
  return [
    ...nodes.flatMap(directoryOf),
    ...same.filter(isMount).flatMap((mount) => mountFindings(mount, surroundings)),
    ...nodes.flatMap(settingFindings),
    ...nodes.flatMap(deviceFindings),
    ...nodes.flatMap(runtimeFindings),
    ...nodes.flatMap(driverFindings),
    ...nodes
      .filter(({ key, value }) => ["deviceClassName", "extendedResourceName"].includes(key) && isFuse(value))
      .map(({ path, value }) => finding(path, value, "no FUSE device")),
    ...nodes.filter(({ key }) => folded(key).endsWith("annotations")).flatMap(annotationFindings),
    ...privilegeFindings(nodes),
  ];
}

/** Searches a value of unknown fields for everything that makes a FUSE test. */
export function searchFindings(
  part: Part,
  options: { readonly strict: boolean; readonly judge: JudgeObject },
): Violation[] {
  const found: Found = { nodes: [], findings: [] };
  const search = { ...options, texts: 0 };
  const root = { key: "", ...part };
  if (isFields(part.value) || isList(part.value)) visitChildren(root, search, found);
  else visit(root, search, found);
  return [...factsOf(found.nodes), ...found.findings];
}

/** Returns the parts of an object to be searched: of policy engines only those that they would write, as most forbid. */
export function written(kind: Kind, part: Part): Part[] {
  if (/^(constraints|templates)\.gatekeeper\.sh$/.test(kind.group)) return [];
  if (kind.group === "policies.kyverno.io" && !/Mutating|Generating/.test(kind.kind)) return [];
  if (kind.group !== "kyverno.io" || !/^(Cluster)?Policy$/.test(kind.kind)) return [part];
  const spec = within(part, "spec");
  const rules = spec === undefined ? undefined : within(spec, "rules");
  if (spec === undefined || rules === undefined || isOpaque(rules.value)) return [part];
  return items(rules.value).flatMap((rule, at) =>
    isFields(rule)
      ? ["mutate", "generate"].flatMap(
          (key) => within({ path: `${rules.path}[${at}]`, value: rule }, key) ?? [],
        )
      : [{ path: `${rules.path}[${at}]`, value: rule }],
  );
}
