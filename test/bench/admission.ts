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

/** A request that the guard looks at. */
const PODS = { "an ordinary pod": ordinary(), "the producer": producer } as unknown as Readonly<
  Record<string, V1Pod>
>;

/** How long the API server took for each of some like requests. */
export interface AdmissionFigure {
  readonly title: string;
  readonly milliseconds: readonly number[];
}

/**
 * Measures how long the API server takes for the dry run of a pod, without the guard and with it. One connection is kept,
 * so that nothing but the server's own work differs.
 * @returns the milliseconds of each request, for each pod with and without the guard.
 */
export async function measureAdmission(kubeconfig: string, times: number): Promise<AdmissionFigure[]> {
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

  async function figures(how: string): Promise<AdmissionFigure[]> {
    const all: AdmissionFigure[] = [];
    for (const [what, pod] of Object.entries(PODS)) {
      const taken: number[] = [];
      for (let time = 0; time < times; time += 1) taken.push(await milliseconds(pod));
      all.push({ title: `dry run of ${what}, ${how}`, milliseconds: taken });
    }
    return all;
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
