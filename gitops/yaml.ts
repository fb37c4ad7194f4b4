import { stringify } from "yaml";

/** Returns an object as YAML: without folding and anchors, and with its keys in order, so that equal objects give equal text. */
function document(object: unknown, sorted: boolean): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: sorted });
}

/** Returns a file of objects with a header and the keys of every object in order. */
export function documents(header: string, objects: readonly unknown[], sorted = true): string {
  return `${header}${objects.map((object) => document(object, sorted)).join("---\n")}`;
}

/** Returns the file by which kustomize finds the others of a folder. */
export function kustomizationFile(header: string, resources: readonly string[]): string {
  const object = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources };
  return `${header}${document(object, false)}`;
}
