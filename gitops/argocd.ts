import type { PodSettings } from "../manifests/common";
import { deployerNamespaceManifests } from "../policy/admission/deployer";

/** Namespace of Argo CD, in which its objects lie. */
export const ARGOCD_NAMESPACE = "argocd";

/** Name of the Application, and of its project. */
const ARGOCD_NAME = "fuse-test";

/** Values that differ from one repository to another. */
export interface ArgocdOptions {
  /** URL of the git repository. */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** Path of the folder `test` in that repository. */
  readonly path: string;
  readonly enabled: boolean;
}

const server = "https://kubernetes.default.svc";

function project({ namespace }: PodSettings, { repository }: ArgocdOptions) {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: ARGOCD_NAME, namespace: ARGOCD_NAMESPACE },
    spec: {
      clusterResourceWhitelist: [],
      description: "The FUSE test: its programs, pods and Job, in one namespace",
      destinations: [{ namespace, server }],
      namespaceResourceWhitelist: [
        { group: "", kind: "ConfigMap" },
        { group: "", kind: "Pod" },
        { group: "batch", kind: "Job" },
      ],
      sourceRepos: [repository],
    },
  };
}

function application({ namespace }: PodSettings, { repository, revision, path, enabled }: ArgocdOptions) {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      // The test is removed with its Application.
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
      name: ARGOCD_NAME,
      namespace: ARGOCD_NAMESPACE,
    },
    spec: {
      destination: { namespace, server },
      project: ARGOCD_NAME,
      source: { path, repoURL: repository, targetRevision: revision },
      syncPolicy: {
        automated: { enabled, prune: true, selfHeal: true },
        syncOptions: ["CreateNamespace=false", "PruneLast=true"],
      },
    },
  };
}

/** An annotation by which Argo CD replaces what is immutable when the run changes. */
const replaced = { "argocd.argoproj.io/sync-options": "Force=true,Replace=true" };

/**
 * An annotation by which Argo CD leaves a pod out of the Application's health: to Argo CD a pod that runs and is not to be
 * restarted is one that progresses, and the producer runs for as long as the test is there. The Job alone is the verdict.
 * Source: pkg/health/health_pod.go of github.com/argoproj/gitops-engine.
 */
const leftOut = { "argocd.argoproj.io/ignore-healthcheck": "true" };

interface Annotated {
  readonly kind: string;
  readonly metadata: { readonly annotations?: object };
}

/** Returns an object of the test as Argo CD has to be given it. */
export function forArgocd(manifest: Annotated): object {
  if (manifest.kind === "ConfigMap") return manifest;
  const { metadata } = manifest;
  const added = { ...replaced, ...(manifest.kind === "Pod" ? leftOut : {}) };
  return { ...manifest, metadata: { ...metadata, annotations: { ...metadata.annotations, ...added } } };
}

/** Returns what is applied outside the test: the namespace with its limits, the project that limits it, the Application. */
export function argocdManifests(settings: PodSettings, options: ArgocdOptions): readonly object[] {
  return [...deployerNamespaceManifests(), project(settings, options), application(settings, options)];
}
