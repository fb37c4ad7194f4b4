import { CoreV1Api, type V1Pod, Watch } from "@kubernetes/client-node";
import { kubeconfigIn } from "./clients";

/** What a watch of the API said of a producer's pod. */
export interface Sight {
  readonly uid: string;
  readonly event: string;
  /** True if its container ran then. */
  readonly running: boolean;
}

/** A watch of the producers in the test's namespace. */
export interface ProducerWatch {
  /** Ends the watch and gives what it saw, in order. */
  readonly end: () => readonly Sight[];
}

/** Watches the pod that makes the mount, from the one that is there now on. */
export async function watchProducers(kubeconfig: string): Promise<ProducerWatch> {
  const config = kubeconfigIn(kubeconfig);
  const labelSelector = "fuse-test/role=producer";
  const seen: Sight[] = [];
  const see = (event: string, pod: V1Pod): void => {
    const running = pod.status?.containerStatuses?.[0]?.state?.running !== undefined;
    seen.push({ uid: pod.metadata?.uid ?? "", event, running });
  };
  const present = await config
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace: "fuse-test", labelSelector });
  for (const pod of present.items) see("LISTED", pod);
  const controller = await new Watch(config).watch(
    "/api/v1/namespaces/fuse-test/pods",
    { labelSelector, resourceVersion: present.metadata?.resourceVersion },
    see,
    () => undefined,
  );
  return {
    end: () => {
      controller.abort();
      return seen;
    },
  };
}

/** The most producers whose containers ran at once. One that is taken out of the API while it runs keeps running. */
export function mostAtOnce(sights: readonly Sight[]): number {
  const running = new Set<string>();
  let most = 0;
  for (const sight of sights) {
    if (sight.running) running.add(sight.uid);
    else running.delete(sight.uid);
    most = Math.max(most, running.size);
  }
  return most;
}
