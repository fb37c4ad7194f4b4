import {
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  type KubernetesObject,
  type V1Pod,
} from "@kubernetes/client-node";
import { guardManifests } from "../../policy/admission/guard";
import { namespaceManifest } from "../../manifests/namespace";
import { ordinary, producer } from "../policy/cases/fixtures";
import { openApi } from "../support/api";
import { untilGuarded } from "../support/guard";
import { summarise } from "./figures";

/** A request that the guard looks at. */
const PODS = { "an ordinary pod": ordinary(), "the producer": producer } as unknown as Readonly<
  Record<string, V1Pod>
>;

/**
 * Measures how long the API server takes for the dry run of a pod, without the guard and with it. One connection is kept,
 * so that nothing but the server's own work differs.
 * @returns a line for each pod, with and without the guard, in milliseconds.
 */
export async function measureAdmission(kubeconfig: string, times: number): Promise<string[]> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const namespace = namespaceManifest("fuse-test", "bench") as KubernetesObject;
  const guard = guardManifests().flatMap(({ policy, binding }): KubernetesObject[] => [policy, binding]);

  async function milliseconds(pod: V1Pod): Promise<number> {
    const start = performance.now();
    await core.createNamespacedPod({
      namespace: pod.metadata?.namespace ?? "default",
      body: pod,
      dryRun: "All",
    });
    return performance.now() - start;
  }

  async function figures(how: string): Promise<string[]> {
    const lines: string[] = [];
    for (const [what, pod] of Object.entries(PODS)) {
      const taken: number[] = [];
      for (let time = 0; time < times; time += 1) taken.push(await milliseconds(pod));
      lines.push(`dry run of ${what}, ${how}: ${summarise(taken)} ms, ${times} times`);
    }
    return lines;
  }

  await objects.create(namespace);
  try {
    const without = await figures("without the guard");
    for (const one of guard) await objects.create(one);
    await untilGuarded(openApi(kubeconfig));
    const guarded = await figures("with the guard");
    return [...without, ...guarded];
  } finally {
    for (const one of [...guard, namespace]) await objects.delete(one).catch(() => undefined);
  }
}
