import { BRIDGE_PATH, FUSE_DEVICE_PATH, FUSE_RESOURCE, NODES, TEST_IMAGE, TEST_LABEL } from "./allowed";
import { step, type Violation } from "./check";
import type { Topic } from "./shape";
import {
  describe,
  field,
  fieldAt,
  type Fields,
  isFields,
  isList,
  items,
  SECRET,
  UNKNOWN,
  type Value,
} from "./values";

const topic: Topic = "fuse-elsewhere";

/** Fields whose content decides whether something is a FUSE test: unknown or secret means that it could be. */
const GUARDED = [
  "containers",
  "deviceClassName",
  "ephemeralContainers",
  "initContainers",
  "limits",
  "requests",
  "securityContext",
  "spec",
  "template",
  "volumeMounts",
  "volumes",
] as const;

/** Capabilities that are enough to mount. */
const MOUNTING = /^(cap_)?sys_admin$|^all$/i;

/** What a text has to say for it to be read as a FUSE test: an inline manifest, a command, or values of a chart. */
const TELLING =
  /mountPropagation["'\\]*\s*[:=]\s*["'\\]*Bidirectional|\/dev\/fuse(?![\w.-])|(?<![\w.-])\/+tmp\/+(?:\.\/+)*fuse-test-bridge(?![\w.-])/;

interface Node {
  readonly path: string;
  readonly key: string;
  readonly value: Value;
}

/** Every field and item of a value, at any depth. */
function* walk(value: Value, path = ""): Generator<Node> {
  const entries: readonly (readonly [string, Value, string])[] = isList(value)
    ? value.map((item, index) => [String(index), item, `${path}[${index}]`] as const)
    : isFields(value)
      ? Object.entries(value).map(([key, item]) => [key, item, step(path, key)] as const)
      : [];
  for (const [key, item, at] of entries) {
    yield { path: at, key, value: item };
    yield* walk(item, at);
  }
}

function finding(path: string, value: Value | undefined, required: string): Violation {
  return { topic, path, found: describe(value), required };
}

/** A value that could be anything. */
function isOpaque(value: Value | undefined): boolean {
  return value === UNKNOWN || value === SECRET;
}

function pathFindings(path: string, value: Value | undefined): Violation[] {
  const required = "a literal directory that is neither the bridge, nor below it, nor the FUSE device";
  const test = new RegExp(`${BRIDGE_PATH}|${FUSE_DEVICE_PATH}`, "u");
  const plain = typeof value === "string" && !isOpaque(value) && !test.test(value);
  return plain ? [] : [finding(path, value, required)];
}

function volumeFindings({ path, key, value }: Node): Violation[] {
  if (key !== "hostPath" && key !== "local") return [];
  if (isOpaque(value)) return [finding(path, value, "a literal directory")];
  if (typeof value === "string") return pathFindings(path, value);
  const directory = field(value, "path");
  // What is called local can be much else; a hostPath is nothing without its path.
  const other = !isFields(value) || (key === "local" && directory === undefined);
  return other ? [] : pathFindings(step(path, "path"), directory);
}

function propagationFindings({ path, key, value }: Node): Violation[] {
  if (key !== "mountPropagation" || value === null) return [];
  return value === "None" || value === "HostToContainer"
    ? []
    : [finding(path, value, "None or HostToContainer, literally")];
}

function isFuse(name: string): boolean {
  return new RegExp(FUSE_RESOURCE, "u").test(name);
}

function deviceFindings({ path, key, value }: Node): Violation[] {
  if (key === "limits" || key === "requests") {
    return Object.entries(isFields(value) ? value : {})
      .filter(([name]) => isFuse(name))
      .map(([name, amount]) => finding(step(path, name), amount, "no FUSE device"));
  }
  const device = key === "deviceClassName" && typeof value === "string" && isFuse(value);
  return device ? [finding(path, value, "no FUSE device")] : [];
}

function unknownFindings({ path, key, value }: Node): Violation[] {
  const guarded = GUARDED.some((name) => name === key);
  return guarded && (isOpaque(value) || items(value).some(isOpaque))
    ? [finding(path, value, "a value that is known and not secret")]
    : [];
}

function unset(value: Value | undefined): boolean {
  return value === undefined || value === null || value === false;
}

function mounting(capability: Value): boolean {
  return typeof capability !== "string" || isOpaque(capability) || MOUNTING.test(capability);
}

/** Whether a security context could be enough to mount: anything but a plain no counts. */
function mayMount(context: Value): boolean {
  if (!unset(field(context, "privileged"))) return true;
  const capabilities = field(context, "capabilities");
  const add = field(capabilities, "add");
  return isOpaque(capabilities) || isOpaque(add) || items(add).some(mounting);
}

function isTestImage(value: Value): boolean {
  return typeof value !== "string" || isOpaque(value) || new RegExp(TEST_IMAGE, "u").test(value);
}

function areTestLabels(value: Value | undefined): boolean {
  if (isOpaque(value)) return true;
  return Object.entries(isFields(value) ? value : {}).some(
    ([key, label]) =>
      new RegExp(TEST_LABEL, "u").test(key) ||
      (key === "app.kubernetes.io/name" && (label === "fuse-test" || isOpaque(label))),
  );
}

function privilegeFindings(nodes: readonly Node[]): Violation[] {
  const ours = nodes.some(
    ({ key, value }) => (key === "image" && isTestImage(value)) || (key === "labels" && areTestLabels(value)),
  );
  if (!ours) return [];
  return nodes
    .filter(({ key, value }) => key === "securityContext" && mayMount(value))
    .map(({ path, value }) => finding(path, value, "no privilege beside the test's own image or labels"));
}

function textFindings({ path, value }: Node): Violation[] {
  return typeof value === "string" && TELLING.test(value)
    ? [finding(path, value, "a text that describes no FUSE test")]
    : [];
}

function nodeFindings(value: Value): Violation[] {
  const label = fieldAt(value, "metadata", "labels", "kubernetes.io/hostname");
  const name = fieldAt(value, "metadata", "name");
  const borrowed = isOpaque(label) || (NODES.some((node) => node === label) && label !== name);
  return borrowed
    ? [finding('metadata.labels["kubernetes.io/hostname"]', label, `${describe(name)}, the node's own name`)]
    : [];
}

function fieldFindings(node: Node): Violation[] {
  return [volumeFindings, propagationFindings, deviceFindings, unknownFindings].flatMap((find) => find(node));
}

/**
 * What makes a resource a FUSE test, or something that could be one, wherever in it that lies.
 * @param options.fields whether it is read as Kubernetes reads it, field by field.
 * @param options.texts whether its texts are searched: not for data that nothing runs.
 */
export function suspicions(
  value: Value,
  { fields, texts }: { readonly fields: boolean; readonly texts: boolean },
): Violation[] {
  const nodes = [...walk(value)];
  return [
    ...nodes.flatMap((node) => [
      ...(fields ? fieldFindings(node) : []),
      ...(texts ? textFindings(node) : []),
    ]),
    ...(fields ? [...privilegeFindings(nodes), ...nodeFindings(value)] : []),
  ];
}

function runsContainers(value: Value): value is Fields {
  return ["containers", "initContainers", "ephemeralContainers"].some((key) => {
    const containers = field(value, key);
    return isList(containers) || containers === UNKNOWN;
  });
}

/** Every object in a value that runs containers, with its path. */
export function podSpecs(value: Value): { readonly path: string; readonly spec: Fields }[] {
  const root: Pick<Node, "path" | "value"> = { path: "", value };
  return [root, ...walk(value)].flatMap(({ path, value: spec }) =>
    runsContainers(spec) ? [{ path, spec }] : [],
  );
}

/** Every namespace that a value names in metadata, with its path. */
export function namespaces(value: Value): { readonly path: string; readonly namespace: Value }[] {
  return [...walk(value)].flatMap(({ path, key, value: metadata }) => {
    const namespace = key === "metadata" ? field(metadata, "namespace") : undefined;
    return namespace === undefined ? [] : [{ path: step(path, "namespace"), namespace }];
  });
}
