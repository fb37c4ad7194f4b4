import type { Violation } from "./check";
import {
  annotationFindings,
  areTestLabels,
  deviceFindings,
  directoryFindings,
  driverFindings,
  finding,
  imageOf,
  isTestImage,
  itemsOf,
  mayMount,
  mountFindings,
  type Part,
  runsFuse,
  runtimeFindings,
  type Surroundings,
  within,
} from "./pod-parts";
import type { Node } from "./tree";
import { field, fieldAt, isFields, isList, type Value } from "./snapshot";
import { unreadable, unreadableInPod } from "./unreadable";

const LISTS = ["containers", "initContainers", "ephemeralContainers"] as const;

/** Returns true if an object runs containers. */
export function runsContainers(value: Value): boolean {
  return LISTS.some((key) => isList(field(value, key)));
}

function containersOf(spec: Part): Node[] {
  return LISTS.flatMap((key) => itemsOf(spec, key));
}

function containerFindings(container: Node, surroundings: Surroundings): Violation[] {
  const resources = within(container, "resources");
  return [
    ...itemsOf(container, "volumeMounts").flatMap((mount) => mountFindings(mount, surroundings)),
    ...(resources === undefined ? [] : deviceFindings(resources)),
    ...runtimeFindings(container),
  ];
}

/** Judges a volume: its directory of the node, if it has one, and the parameters of its driver. */
function volumeFindings(volume: Part, { patch }: Surroundings): Violation[] {
  const hostPath = within(volume, "hostPath");
  const path = hostPath === undefined ? undefined : within(hostPath, "path");
  // The patched object may contain mounts of a patch's volume.
  return [...(path === undefined ? [] : directoryFindings(path, patch)), ...driverFindings(volume)];
}

/** Judges privilege in a patch: the patched object may contain the missing image or security context. */
function patchedFindings(containers: readonly Node[]): Violation[] {
  return containers
    .filter(({ value }) => {
      const image = field(value, "image");
      const context = field(value, "securityContext");
      return image === undefined ? mayMount(context) : isTestImage(image) && context === undefined;
    })
    .map(({ path, value }) => finding(path, value, "an image and a securityContext, both literally"));
}

function privilegeFindings(spec: Part, metadata: Value | undefined): Violation[] {
  const containers = containersOf(spec);
  const images = [
    ...containers.map(({ value }) => field(value, "image")),
    ...itemsOf(spec, "volumes").map(({ value }) => imageOf(value)),
  ];
  if (!images.some(isTestImage) && !areTestLabels(fieldAt(metadata, "labels"))) return [];
  return containers
    .map((container) => within(container, "securityContext"))
    .filter((context) => context !== undefined)
    .filter(({ value }) => mayMount(value))
    .map(({ path, value }) => finding(path, value, "no privilege beside the test's own image or labels"));
}

/** Judges the metadata of a pod: the annotations for container runtimes, and values that cannot be read. */
function metadataFindings(metadata: Part | undefined): Violation[] {
  if (metadata === undefined) return [];
  const annotations = within(metadata, "annotations");
  return [
    ...unreadable(metadata),
    ...(annotations === undefined ? [] : [...unreadable(annotations), ...annotationFindings(annotations)]),
  ];
}

/** Context of a pod whose spec is judged. */
interface PodContext {
  readonly metadata?: Part | undefined;
  /** Names of the volumes that the pod has in addition to those of its spec. */
  readonly claimed?: readonly (Value | undefined)[];
  /** True for a patch of a pod, of which the rest is not visible. */
  readonly patch?: boolean;
}

/** Judges the spec of a pod, in which every field has a known meaning. */
export function specFindings(spec: Part, { metadata, claimed = [], patch = false }: PodContext): Violation[] {
  if (!isFields(spec.value)) return unreadable(spec);
  const volumes = itemsOf(spec, "volumes");
  const containers = containersOf(spec);
  const surroundings = {
    volumes: volumes.map(({ value }) => value),
    fuse: runsFuse(containers.map(({ value }) => value)),
    declared: new Set([...volumes.map(({ value }) => field(value, "name")), ...claimed]),
    patch,
  };
  return [
    ...unreadableInPod(spec),
    ...metadataFindings(metadata),
    ...volumes.flatMap((volume) => volumeFindings(volume, surroundings)),
    ...containers.flatMap((container) => containerFindings(container, surroundings)),
    ...privilegeFindings(spec, metadata?.value),
    ...(patch ? patchedFindings(containers) : []),
  ];
}
