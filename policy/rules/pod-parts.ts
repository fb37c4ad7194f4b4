import {
  DEVICE_ANNOTATION,
  DEVICE_DIRECTORY,
  DEVICE_IN_ANNOTATION,
  DEVICE_VARIABLE,
  FUSE_NAME,
  FUSE_PROGRAM,
  MOUNTING,
  NAMELESS_IMAGE,
  TEST_IMAGE,
  TEST_LABEL,
} from "./allowlist";
import type { Violation } from "./check";
import {
  canBeForbidden,
  INFRASTRUCTURE_PATH,
  isAboveForbidden,
  isForbidden,
  KUBELET_PATH,
  NAMED_PATH,
  nodePath,
} from "./host-path";
import { matches } from "./pattern";
import { children, isOpaque, type Node } from "./tree";
import { describe, field, fieldAt, isFields, isList, items, type Value } from "./snapshot";

/** A value in a resource, with its path. */
export type Part = Pick<Node, "path" | "value">;

/** Returns the violation for a value that makes a resource a FUSE test. */
export function finding(path: string, value: Value | undefined, required: string): Violation {
  return { topic: "fuse-elsewhere", path, found: describe(value), required };
}

/** Returns the part at a field of a part; undefined if there is none. */
export function within({ path, value }: Part, key: string): Part | undefined {
  return children({ path, value }).find((child) => child.key === key);
}

/** Returns the items of a list in a part. */
export function itemsOf(part: Part, key: string): Node[] {
  const list = within(part, key);
  return list !== undefined && isList(list.value) ? children(list) : [];
}

const PLAIN_DIRECTORY = "a literal directory that is neither the bridge, nor below it, nor the FUSE device";

/** Judges the directory of a volume. @param reaches true if a path below it can be selected that is not visible here. */
export function directoryFindings({ path, value }: Part, reaches = false): Violation[] {
  const plain = typeof value === "string" && !isOpaque(value) && !isForbidden(value);
  return plain && !(reaches && isAboveForbidden(value)) ? [] : [finding(path, value, PLAIN_DIRECTORY)];
}

/** Returns the directories of the node that a mount's volume can be, with undefined for one that cannot be read. */
function directories(mount: Value, volumes: readonly Value[]): (string | undefined)[] {
  const name = field(mount, "name");
  return volumes.flatMap((volume) => {
    const hostPath = field(volume, "hostPath");
    if (hostPath === undefined || (field(volume, "name") !== name && !isOpaque(name))) return [];
    const path = typeof hostPath === "string" ? hostPath : field(hostPath, "path");
    return [typeof path === "string" && !isOpaque(path) ? path : undefined];
  });
}

/** The parts of a pod that determine the path of a mount in it. */
export interface Surroundings {
  readonly volumes: readonly Value[];
  /** True if a container runs a program that may create FUSE mounts, see {@link runsFuse}. */
  readonly fuse: boolean;
  /** Names of the volumes that the pod has; undefined if they need not be visible here. */
  readonly declared?: ReadonlySet<Value | undefined>;
  /** True for a patch of a pod, of which the rest is not visible. */
  readonly patch: boolean;
}

/** Returns true if a part of a volume could be forbidden, because the volume is not visible. */
function strays(mount: Value, part: string | undefined, { declared, patch }: Surroundings): boolean {
  if (declared === undefined || declared.has(field(mount, "name"))) return false;
  return part === undefined ? patch : canBeForbidden(part);
}

/** Judges the part of a volume that a mount selects, joined to the volume's own directory. */
function subPathFindings(mount: Part, surroundings: Surroundings): Violation[] {
  const bases = directories(mount.value, surroundings.volumes);
  return ["subPath", "subPathExpr"].flatMap((key) => {
    const part = field(mount.value, key);
    if (part === undefined || part === null || part === "") return [];
    // The value of a variable is not visible. It cannot climb: the kubelet refuses `..` in the result.
    const hidden =
      typeof part !== "string" || isOpaque(part) || (key === "subPathExpr" && part.includes("$("));
    const wrong = bases.some(
      (base) => base === undefined || (hidden ? isAboveForbidden(base) : isForbidden(base, part)),
    );
    return wrong || strays(mount.value, hidden ? undefined : part, surroundings)
      ? [finding(`${mount.path}.${key}`, part, PLAIN_DIRECTORY)]
      : [];
  });
}

/** Fields by which a container runs a program in addition to its own. */
export const HOOKS = [
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
  ["startupProbe"],
  ["livenessProbe"],
  ["readinessProbe"],
];

function listed(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : value === undefined || value === null ? [] : [value];
}

/** Returns true if a container runs a FUSE program by its name, or one that cannot be read. Values of the environment may be secret. */
export function runsFuse(containers: readonly Value[]): boolean {
  return containers.some((container) => {
    const programs = [
      ...["image", "command", "args"].flatMap((key) => listed(field(container, key))),
      ...HOOKS.flatMap((hook) => listed(fieldAt(container, ...hook, "exec", "command"))),
    ];
    const environment = items(field(container, "env")).map((one) => field(one, "value"));
    return (
      programs.some((text) => typeof text !== "string" || isOpaque(text) || matches(FUSE_PROGRAM, text)) ||
      environment.some((text) => typeof text === "string" && matches(FUSE_PROGRAM, text))
    );
  });
}

/**
 * Returns true if a mount propagates in a directory of the node's infrastructure: below the kubelet's directories for
 * storage drivers, or in a directory for networks, storage and drivers, in a pod without a known FUSE program.
 */
function isInfrastructure(mount: Value, { volumes, fuse }: Surroundings): boolean {
  const bases = directories(mount, volumes);
  const all = volumes.filter((volume) => field(volume, "name") === field(mount, "name"));
  return (
    bases.length > 0 &&
    bases.length === all.length &&
    bases.every((base) => {
      if (base === undefined || isForbidden(base)) return false;
      const path = nodePath(base);
      return matches(KUBELET_PATH, path) || (matches(INFRASTRUCTURE_PATH, path) && !fuse);
    })
  );
}

/** Judges a mount of a container. */
export function mountFindings(mount: Part, surroundings: Surroundings): Violation[] {
  const propagation = field(mount.value, "mountPropagation");
  const harmless =
    propagation === undefined ||
    propagation === null ||
    ["", "None", "HostToContainer"].some((one) => one === propagation) ||
    (propagation === "Bidirectional" && isInfrastructure(mount.value, surroundings));
  return [
    ...(harmless
      ? []
      : [finding(`${mount.path}.mountPropagation`, propagation, "None or HostToContainer, literally")]),
    ...subPathFindings(mount, surroundings),
  ];
}

/** Fields that give a directory to the driver of a volume. */
const DRIVEN = [
  ["csi", "volumeAttributes"],
  ["csi", "volumeHandle"],
  ["flexVolume", "options"],
  ["nfs", "path"],
] as const;

/** Judges the parameters of a volume's driver: they may not name the bridge or the FUSE device. */
export function driverFindings(source: Part): Violation[] {
  return DRIVEN.flatMap(([driver, key]) => {
    const one = within(source, driver);
    const given = one === undefined ? undefined : within(one, key);
    if (given === undefined) return [];
    return (typeof given.value === "string" ? [given] : children(given)).filter(
      ({ value }) => typeof value === "string" && matches(NAMED_PATH, nodePath(value)),
    );
  }).map(({ path, value }) => finding(path, value, PLAIN_DIRECTORY));
}

/** Returns true if a name contains the letters of FUSE. */
export function isFuse(name: Value | undefined): boolean {
  return typeof name === "string" && matches(FUSE_NAME, name);
}

/** Judges the resources that a container requests. */
export function deviceFindings(resources: Part): Violation[] {
  return ["limits", "requests"].flatMap((key) => {
    const amounts = within(resources, key);
    return (amounts === undefined ? [] : children(amounts))
      .filter(({ key: name }) => isFuse(name))
      .map(({ path, value }) => finding(path, value, "no FUSE device"));
  });
}

/** Judges the variables and the directories by which a container requests devices from its runtime. */
export function runtimeFindings(container: Part): Violation[] {
  const variables = itemsOf(container, "env").filter(({ value }) => {
    const name = field(value, "name");
    return typeof name === "string" && matches(DEVICE_VARIABLE, name) && isFuse(field(value, "value"));
  });
  const mounts = itemsOf(container, "volumeMounts").filter(({ value }) => {
    const directory = field(value, "mountPath");
    return typeof directory === "string" && matches(DEVICE_DIRECTORY, directory) && isFuse(directory);
  });
  return [...variables, ...mounts].map(({ path, value }) => finding(path, value, "no FUSE device"));
}

/** Returns true if an annotation requests the FUSE device from a container runtime, or a device that cannot be read. */
export function asksForDevice(key: string, value: Value | undefined): boolean {
  if (!matches(DEVICE_ANNOTATION, key)) return false;
  const plain = typeof value === "string" && !isOpaque(value);
  return !plain || matches(DEVICE_IN_ANNOTATION, value) || matches(FUSE_NAME, key);
}

/** Judges the annotations that request devices from a container runtime. */
export function annotationFindings(annotations: Part): Violation[] {
  return children(annotations)
    .filter(({ key, value }) => asksForDevice(key, value))
    .map(({ path, value }) => finding(path, value, "no FUSE device"));
}

function unset(value: Value | undefined): boolean {
  return value === undefined || value === null || value === false;
}

function mounting(capability: Value): boolean {
  return typeof capability !== "string" || isOpaque(capability) || matches(MOUNTING, capability);
}

/** Returns true if a security context could be enough to mount: it is, unless each of its fields clearly is not. */
export function mayMount(context: Value | undefined): boolean {
  if (isOpaque(context) || !unset(field(context, "privileged"))) return true;
  const capabilities = field(context, "capabilities");
  const add = field(capabilities, "add");
  return isOpaque(capabilities) || isOpaque(add) || items(add).some(mounting);
}

/** Returns the name of an image that a chart has in parts. */
function composed(image: Value): Value | undefined {
  const parts = ["registry", "repository", "name", "image"].map((key) => field(image, key));
  if (parts.some(isOpaque)) return parts.find(isOpaque);
  const texts = parts.flatMap((part) => (typeof part === "string" && part !== "" ? [part] : []));
  return texts.join("/");
}

/** Returns true if an image creates FUSE mounts in this test, or could: it cannot be read, or has no name. */
export function isTestImage(value: Value | undefined): boolean {
  const name = isFields(value) ? composed(value) : value;
  if (isOpaque(name)) return true;
  return typeof name === "string" && (matches(TEST_IMAGE, name) || matches(NAMELESS_IMAGE, name));
}

/** Returns true if labels are those of a pod of the test, or could be. */
export function areTestLabels(value: Value | undefined): boolean {
  if (isOpaque(value)) return true;
  return Object.entries(isFields(value) ? value : {}).some(
    ([key, label]) =>
      matches(TEST_LABEL, key) ||
      (key === "app.kubernetes.io/name" && (label === "fuse-test" || isOpaque(label))),
  );
}

/** Returns the image of a volume of a pod, if it has one. */
export function imageOf(volume: Value): Value | undefined {
  return isOpaque(field(volume, "image")) ? field(volume, "image") : fieldAt(volume, "image", "reference");
}
