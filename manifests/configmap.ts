import { PROGRAMS_NAME } from "./common";
import { ownedBy } from "./namespace";
import { programs } from "../config/programs";

/**
 * Builds the ConfigMap with the pods' programs, which belongs to one stack even if the namespace does not.
 */
export function programsManifest<Name>(namespace: Name, owner: string) {
  return {
    apiVersion: "v1" as const,
    kind: "ConfigMap" as const,
    metadata: { name: PROGRAMS_NAME, namespace, ...ownedBy(owner) },
    data: programs(),
  };
}
