import {
  CoreV1Api,
  CustomObjectsApi,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import type { ClusterDescriptor } from "../../../tools/cluster/descriptor";
import { FLUX_NAMESPACE } from "../../../gitops/flux";
import { kubeconfigIn } from "../clients";
import { defineKinds } from "../definitions";
import { FLUX_DEFINITIONS, KUSTOMIZE_CONTROLLER } from "../module-tools/kustomize-controller";
import { ensureTools, fileOf, programOf } from "../module-tools/tool";
import { until } from "../waiting";
import { type Controller, makeController } from "./controller";
import { makeRepository } from "./repository";

/** Name of the GitRepository, and of the Kustomization that stands for the user's cluster. */
export const ROOT = "flux-system";

/** Characters of a line of the controller's log that an error shows. */
const LONGEST_LINE = 600;

/** Folder of the repository that the root applies. */
export const ROOT_PATH = "cluster";

const KUSTOMIZATIONS = {
  group: "kustomize.toolkit.fluxcd.io",
  version: "v1",
  namespace: FLUX_NAMESPACE,
  plural: "kustomizations",
};
const REPOSITORIES = {
  group: "source.toolkit.fluxcd.io",
  version: "v1",
  namespace: FLUX_NAMESPACE,
  plural: "gitrepositories",
};

/** A Kustomization as the controller leaves it. */
export interface Kustomization {
  readonly metadata: { readonly generation: number; readonly deletionTimestamp?: string };
  readonly spec: { readonly suspend?: boolean };
  readonly status?: {
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
      readonly observedGeneration?: number;
    }[];
  };
}

/** Flux on an embedded cluster: the controller is real, and commits come from a real repository. */
export interface Flux {
  readonly controller: Controller;
  /** Commits files, by path, and nothing else, and shows the commit to the controller. @returns its revision. */
  readonly commit: (files: Readonly<Record<string, string>>, message: string) => Promise<string>;
  /** Returns a Kustomization; undefined if there is none. */
  readonly kustomization: (name: string) => Promise<Kustomization | undefined>;
  /**
   * Waits until a condition holds for a Kustomization. @throws Error with its state and the controller's last words if it is not
   * in time.
   */
  readonly waitFor: (
    name: string,
    seconds: number,
    holds: (state: Kustomization | undefined) => boolean,
  ) => Promise<Kustomization | undefined>;
  /** Suspends a Kustomization, or resumes it, as `flux suspend` and `flux resume` do. */
  readonly suspend: (name: string, suspended: boolean) => Promise<void>;
  /** Ends the controller and removes all that this has put into the cluster and onto the machine. */
  readonly remove: () => Promise<void>;
}

/** Returns the condition Ready of a Kustomization once a reconciliation of this revision has finished. */
export function readyOf(state: Kustomization | undefined, revision: string) {
  const { lastAttemptedRevision, conditions } = state?.status ?? {};
  const ready = conditions?.find(({ type }) => type === "Ready");
  // Of the whole status, `observedGeneration` follows a success alone.
  const isOf = lastAttemptedRevision === revision && ready?.observedGeneration === state?.metadata.generation;
  // `Unknown` is a reconciliation that has not finished.
  return isOf && ready?.status !== "Unknown" ? ready : undefined;
}

const isMissing = (error: unknown): boolean => (error as { code?: number }).code === 404;

const ignoreMissing = (error: unknown): undefined => {
  if (!isMissing(error)) throw error;
  return undefined;
};

/** The Kustomization of a user's cluster, and the repository that it is made from. */
const rootObjects = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: FLUX_NAMESPACE } },
  {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: ROOT, namespace: FLUX_NAMESPACE },
    spec: { interval: "10m", url: "https://git.example/homelab.git", ref: { branch: "main" } },
  },
  {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: ROOT, namespace: FLUX_NAMESPACE },
    spec: {
      interval: "10m",
      path: `./${ROOT_PATH}`,
      prune: true,
      sourceRef: { kind: "GitRepository", name: ROOT },
    },
  },
] as const;

/**
 * Installs Flux on a cluster, with feature gates of its controller that are not on by default. The caller removes it.
 */
export async function startFlux(
  { kubeconfig }: ClusterDescriptor,
  log: (line: string) => void,
  ...gates: readonly string[]
): Promise<Flux> {
  await ensureTools([KUSTOMIZE_CONTROLLER], log);
  const config = kubeconfigIn(kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const custom = config.makeApiClient(CustomObjectsApi);
  const core = config.makeApiClient(CoreV1Api);
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  const undefine = await defineKinds(
    config,
    FLUX_DEFINITIONS.map((path) => fileOf(KUSTOMIZE_CONTROLLER, path)),
  );
  for (const object of rootObjects) await objects.create(object);
  const repository = await makeRepository();
  const controller = makeController(programOf(KUSTOMIZE_CONTROLLER), kubeconfig);
  controller.start(...gates);

  const kustomization = async (name: string): Promise<Kustomization | undefined> =>
    (await custom.getNamespacedCustomObject({ ...KUSTOMIZATIONS, name }).catch(ignoreMissing)) as
      Kustomization | undefined;

  const waitFor: Flux["waitFor"] = async (name, seconds, holds) => {
    let state: Kustomization | undefined;
    try {
      await until(`Kustomization ${name}`, seconds, async () => {
        state = await kustomization(name);
        return holds(state);
      });
    } catch (error) {
      const lines = controller.log().split("\n").slice(-12);
      const words = lines.map((line) => line.slice(0, LONGEST_LINE)).join("\n");
      throw new Error(
        `${(error as Error).message}: ${JSON.stringify([state?.spec, state?.status])}\n${words}`,
      );
    }
    return state;
  };

  return {
    controller,
    kustomization,
    waitFor,
    commit: async (files, message) => {
      const artifact = repository.commit(files, message);
      const conditions = [
        {
          type: "Ready",
          status: "True",
          reason: "Succeeded",
          message: `stored artifact for revision '${artifact.revision}'`,
          lastTransitionTime: artifact.lastUpdateTime,
        },
      ];
      await custom.patchNamespacedCustomObjectStatus(
        { ...REPOSITORIES, name: ROOT, body: { status: { artifact, conditions } } },
        merge,
      );
      return artifact.revision;
    },
    suspend: async (name, suspended) => {
      await custom.patchNamespacedCustomObject(
        { ...KUSTOMIZATIONS, name, body: { spec: { suspend: suspended } } },
        merge,
      );
    },
    remove: async () => {
      await controller.remove();
      await repository.remove();
      // Without their controller, the finalizers of what is left would keep it for ever.
      for (const parts of [KUSTOMIZATIONS, REPOSITORIES]) {
        const list = (await custom.listNamespacedCustomObject(parts)) as {
          items: readonly { metadata: { name: string } }[];
        };
        for (const { metadata } of list.items) {
          const named = { ...parts, name: metadata.name };
          await custom.patchNamespacedCustomObject(
            { ...named, body: { metadata: { finalizers: [] } } },
            merge,
          );
          await custom.deleteNamespacedCustomObject(named).catch(ignoreMissing);
        }
      }
      await undefine();
      await core.deleteNamespace({ name: FLUX_NAMESPACE });
      await until(`namespace ${FLUX_NAMESPACE} is gone`, 60, async () => {
        const { items } = await core.listNamespace({ fieldSelector: `metadata.name=${FLUX_NAMESPACE}` });
        return items.length === 0;
      });
    },
  };
}
