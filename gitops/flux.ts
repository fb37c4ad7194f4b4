import { DEPLOYER, deployerManifests, type Subject } from "../policy/admission/deployer";
import type { PodSettings } from "../manifests/common";
import { jobDeadlineSeconds, jobManifest } from "../manifests/job";

/** Namespace of Flux's controllers, in which its objects lie. */
export const FLUX_NAMESPACE = "flux-system";

/** Name of the Kustomization. */
export const FLUX_NAME = "fuse-test";

/** Seconds that a controller waits beyond the Job's own deadline, so that the Job's message is the one that is seen. */
const PATIENCE_SECONDS = 60;

/** Values that differ from one repository to another. */
export interface FluxOptions {
  /** Name of the GitRepository in Flux's namespace. */
  readonly source: string;
  /** Path of the folder `test` in that repository. */
  readonly path: string;
  /** True if the test runs as soon as it is applied. */
  readonly enabled: boolean;
}

const serviceAccount: Subject = { kind: "ServiceAccount", name: DEPLOYER, namespace: FLUX_NAMESPACE };

/** Returns the seconds after which a controller gives up the test. */
function controllerTimeoutSeconds(settings: PodSettings): number {
  return jobDeadlineSeconds(settings) + PATIENCE_SECONDS;
}

function kustomization(settings: PodSettings, { source, path, enabled }: FluxOptions) {
  const { apiVersion, kind, metadata } = jobManifest(settings);
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: FLUX_NAME, namespace: FLUX_NAMESPACE },
    spec: {
      // A pod and a Job are immutable: a new run replaces them.
      force: true,
      deletionPolicy: "WaitForTermination",
      healthChecks: [{ apiVersion, kind, name: metadata.name, namespace: metadata.namespace }],
      interval: "10m",
      path,
      prune: true,
      serviceAccountName: DEPLOYER,
      sourceRef: { kind: "GitRepository", name: source },
      // Absent when it is enabled: what Git holds would undo `flux suspend` at the next reconciliation.
      ...(enabled ? {} : { suspend: true }),
      timeout: `${controllerTimeoutSeconds(settings)}s`,
      wait: true,
    },
  };
}

/**
 * Returns what is applied outside the test: the namespace with its limits, which the service account cannot change, the
 * service account with the deployer's rights and no more, and the Kustomization.
 */
export function fluxManifests(settings: PodSettings, options: FluxOptions): readonly object[] {
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: DEPLOYER, namespace: FLUX_NAMESPACE },
      automountServiceAccountToken: false,
    },
    ...deployerManifests([serviceAccount]),
    kustomization(settings, options),
  ];
}
