import { PROGRAMS_NAME } from "./common";
import { ownedBy } from "./namespace";
import { programs } from "../config/programs";

/** The pods' programs, as files of a ConfigMap that belongs to one stack, also where the namespace is kept by another. */
export function programsManifest<Name>(namespace: Name, owner: string) {
  return {
    apiVersion: "v1" as const,
    kind: "ConfigMap" as const,
    metadata: { name: PROGRAMS_NAME, namespace, ...ownedBy(owner) },
    data: programs(),
  };
}
