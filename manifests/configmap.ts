import { labels, PROGRAMS_NAME } from "./common";
import { programs } from "./programs";

/** The pods' programs, as files of a ConfigMap. */
export function programsManifest(namespace: string) {
  return {
    apiVersion: "v1" as const,
    kind: "ConfigMap" as const,
    metadata: { name: PROGRAMS_NAME, namespace, labels },
    data: programs(),
  };
}
