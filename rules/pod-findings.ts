import type { Violation } from "./check";
import {
  annotationFindings,
  areTestLabels,
  deviceFindings,
  directoryFindings,
  finding,
  imageOf,
  isTestImage,
  itemsOf,
  mayMount,
  mountFindings,
  type Part,
  within,
} from "./pod-parts";
import type { Node } from "./tree";
import { field, fieldAt, isFields, isList, type Value } from "./values";
import { unreadable, unreadableInPod } from "./unreadable";

const LISTS = ["containers", "initContainers", "ephemeralContainers"] as const;

/** Whether an object runs containers. */
export function runsContainers(value: Value): boolean {
  return LISTS.some((key) => isList(field(value, key)));
}

function containersOf(spec: Part): Node[] {
  return LISTS.flatMap((key) => itemsOf(spec, key));
}

function containerFindings(container: Node, volumes: readonly Value[]): Violation[] {
  const resources = within(container, "resources");
  return [
    ...itemsOf(container, "volumeMounts").flatMap((mount) => mountFindings(mount, container.value, volumes)),
    ...(resources === undefined ? [] : deviceFindings(resources)),
  ];
}

/** Judges a volume: its directory, where it is one of the node. */
function volumeFindings(volume: Part): Violation[] {
  const hostPath = within(volume, "hostPath");
  const path = hostPath === undefined ? undefined : within(hostPath, "path");
  return path === undefined ? [] : directoryFindings(path);
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

/** Judges the metadata of a pod: what a container runtime reads in it, and whether it can be read. */
function metadataFindings(metadata: Part | undefined): Violation[] {
  if (metadata === undefined) return [];
  const annotations = within(metadata, "annotations");
  return [
    ...unreadable(metadata),
    ...(annotations === undefined ? [] : [...unreadable(annotations), ...annotationFindings(annotations)]),
  ];
}

/** Judges the spec of a pod, in which the meaning of every field is known. */
export function specFindings(spec: Part, metadata: Part | undefined): Violation[] {
  if (!isFields(spec.value)) return unreadable(spec);
  const volumes = itemsOf(spec, "volumes");
  const values = volumes.map(({ value }) => value);
  return [
    ...unreadableInPod(spec),
    ...metadataFindings(metadata),
    ...volumes.flatMap(volumeFindings),
    ...containersOf(spec).flatMap((container) => containerFindings(container, values)),
    ...privilegeFindings(spec, metadata?.value),
  ];
}
