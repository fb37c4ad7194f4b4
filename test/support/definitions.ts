import {
  ApiextensionsV1Api,
  type KubeConfig,
  type V1CustomResourceDefinition,
} from "@kubernetes/client-node";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { until } from "./waiting";

/**
 * Defines kinds of objects in a cluster, and waits until the API serves them.
 * @param files with one CustomResourceDefinition each
 * @returns the function that removes the definitions, with all objects of them.
 */
export async function defineKinds(
  config: KubeConfig,
  files: readonly string[],
): Promise<() => Promise<void>> {
  const api = config.makeApiClient(ApiextensionsV1Api);
  const definitions = files.map((file) => parse(readFileSync(file, "utf8")) as V1CustomResourceDefinition);
  for (const body of definitions) await api.createCustomResourceDefinition({ body });
  const names = definitions.map(({ metadata }) => metadata?.name ?? "");
  await until("the API serves the new kinds", 30, async () => {
    const found = await Promise.all(names.map((name) => api.readCustomResourceDefinition({ name })));
    return found.every(({ status }) =>
      status?.conditions?.some((one) => one.type === "Established" && one.status === "True"),
    );
  });
  return async () => {
    for (const name of names) await api.deleteCustomResourceDefinition({ name });
  };
}
