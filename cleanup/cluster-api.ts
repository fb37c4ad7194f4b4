import {
  CoreV1Api,
  type V1ConfigMap,
  type V1Namespace,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import { labels } from "../manifests/common";
import { apiMessage, connect, lacksServiceAccount } from "../kube/client";
import { type Deadline, poll, retry, statusOf } from "../kube/wait";
import type { CleanRequest } from "../protocol/cleanup-request";

type Settled<T> = Promise<T | undefined>;

/**
 * The API calls that the cleanup needs. Each is retried until its deadline while the API server does not
 * respond.
 */
export interface Cluster {
  readonly node: (name: string) => Settled<V1Node>;
  readonly namespace: (name: string) => Settled<V1Namespace>;
  readonly createNamespace: (manifest: V1Namespace) => Promise<void>;
  /** Deletes the namespace; if a uid is given, only the one with this uid. */
  readonly deleteNamespace: (name: string, uid?: string) => Promise<void>;
  /** Lists the test's pods in a namespace. */
  readonly pods: (namespace: string) => Promise<V1Pod[]>;
  /** Lists the test's pods in all namespaces. */
  readonly podsEverywhere: () => Promise<V1Pod[]>;
  readonly pod: (namespace: string, name: string) => Settled<V1Pod>;
  /** Creates a pod, and waits until a new namespace has its service account. */
  readonly createPod: (manifest: V1Pod & { metadata: { namespace: string } }) => Promise<void>;
  /** Deletes this pod, and no later one of the same name. The default grace period is the pod's own. */
  readonly deletePod: (pod: V1Pod, graceSeconds?: number) => Promise<void>;
  readonly log: (namespace: string, name: string) => Promise<string>;
  readonly configMap: (namespace: string, name: string) => Settled<V1ConfigMap>;
  readonly putConfigMap: (manifest: { metadata: { name: string; namespace: string } }) => Promise<void>;
  readonly deleteConfigMap: (namespace: string, name: string) => Promise<void>;
}

/** Label of everything that belongs to the test. */
const TEST_SELECTOR = `app.kubernetes.io/name=${labels["app.kubernetes.io/name"]}`;

/**
 * Time for which a new namespace may be without its service account, in milliseconds. After an outage of the
 * API server its controllers wait up to half a minute before they reconnect (client-go's reflector).
 */
const SERVICE_ACCOUNT_MILLISECONDS = 40_000;

/** Returns undefined for a 404 answer. */
async function found<T>(call: Promise<T>): Settled<T> {
  try {
    return await call;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Treats 409 Conflict as success. */
async function made(call: Promise<unknown>): Promise<true> {
  try {
    await call;
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
  return true;
}

/** Connects to the cluster of a request. @throws Error in one line if the kubeconfig cannot be used. */
export function clusterOf(
  request: Pick<CleanRequest, "kubeconfig" | "context">,
  deadline: Deadline,
): Cluster {
  const core = connect(request).config.makeApiClient(CoreV1Api);
  const call = <T>(send: () => Promise<T>): Promise<T> => retry(deadline, send);
  const createPod = async (
    manifest: V1Pod & { metadata: { namespace: string } },
  ): Promise<true | undefined> => {
    try {
      await core.createNamespacedPod({ namespace: manifest.metadata.namespace, body: manifest });
      return true;
    } catch (error) {
      if (lacksServiceAccount(apiMessage(error, "pod"))) return undefined;
      throw error;
    }
  };
  return {
    node: (name) => call(() => found(core.readNode({ name }))),
    namespace: (name) => call(() => found(core.readNamespace({ name }))),
    createNamespace: async (body) => {
      await call(() => made(core.createNamespace({ body })));
    },
    deleteNamespace: async (name, uid) => {
      const body = uid === undefined ? {} : { preconditions: { uid } };
      await call(() => made(found(core.deleteNamespace({ name, body }))));
    },
    pods: async (namespace) =>
      (await call(() => core.listNamespacedPod({ namespace, labelSelector: TEST_SELECTOR }))).items,
    podsEverywhere: async () =>
      (await call(() => core.listPodForAllNamespaces({ labelSelector: TEST_SELECTOR }))).items,
    pod: (namespace, name) => call(() => found(core.readNamespacedPod({ namespace, name }))),
    createPod: async (manifest) => {
      const settled = { until: Math.min(deadline.until, Date.now() + SERVICE_ACCOUNT_MILLISECONDS) };
      const created = await poll(settled, () => call(() => createPod(manifest)));
      if (created === undefined)
        throw new Error(`the namespace ${manifest.metadata.namespace} has no service account`);
    },
    deletePod: async ({ metadata: { name = "", namespace = "", uid } = {} }, graceSeconds) => {
      const body = {
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      };
      // A conflict means that another pod has the name: this one is gone.
      await call(() => made(found(core.deleteNamespacedPod({ name, namespace, body }))));
    },
    log: (namespace, name) =>
      call(() => core.readNamespacedPodLog({ namespace, name, limitBytes: 1024 * 1024 })),
    configMap: (namespace, name) => call(() => found(core.readNamespacedConfigMap({ namespace, name }))),
    putConfigMap: async (body) => {
      const { name, namespace } = body.metadata;
      await call(() => found(core.deleteNamespacedConfigMap({ name, namespace })));
      await call(() => made(core.createNamespacedConfigMap({ namespace, body })));
    },
    deleteConfigMap: async (namespace, name) => {
      await call(() => found(core.deleteNamespacedConfigMap({ name, namespace })));
    },
  };
}
