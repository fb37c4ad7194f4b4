import type { V1Pod } from "../toolchain/kubernetes-client.cjs";
import { JANITOR_NAME } from "../manifests/janitor";
import type { Cluster } from "./cluster";
import { claimProblem } from "./namespace";
import { until, within } from "./patience";
import type { CleanRequest } from "./request";

/** How long to look for a janitor that is alone in the namespace, in seconds: it starts when this does. */
const LOOK_SECONDS = 6;

/** Who uses a namespace: the test, a janitor that comes before the namespace's end, or nobody. */
export type Use = "test" | "janitor" | "nobody";

/** Says who uses a namespace. A janitor that only looks comes before another run: it is no sign of an end. */
export function useOf(pods: readonly V1Pod[]): Use {
  if (pods.some(({ metadata }) => metadata?.name !== JANITOR_NAME)) return "test";
  const cleans = pods.some(({ spec }) =>
    spec?.containers.some(({ env }) =>
      env?.some(({ name, value }) => name === "OCCUPIED" && value === "clean"),
    ),
  );
  return cleans ? "janitor" : "nobody";
}

/** Waits for a janitor that is alone in the namespace. @returns whether there is one. */
async function janitorIsAlone(cluster: Cluster, namespace: string): Promise<boolean> {
  const use = await until(within(LOOK_SECONDS), async () => {
    const now = useOf(await cluster.pods(namespace));
    return now === "janitor" ? now : undefined;
  });
  return use !== undefined;
}

/**
 * Begins the deletion of the stack's namespace once a janitor is all that is left in it. The namespace controller
 * touches nothing in a namespace for 5 s after that (namespaceDeletionGracePeriod of its source), and a janitor needs
 * one or two. Where there is none, or the namespace is another's, it does nothing: the namespace is deleted later.
 */
export async function releaseNamespace(cluster: Cluster, request: CleanRequest): Promise<void> {
  const found = await cluster.namespace(request.namespace);
  if (found === undefined || claimProblem(found, request) !== undefined) return;
  if (found.metadata?.deletionTimestamp !== undefined) return;
  // This very namespace: another of its name would be another run's.
  if (await janitorIsAlone(cluster, request.namespace)) {
    await cluster.deleteNamespace(request.namespace, found.metadata?.uid);
  }
}
