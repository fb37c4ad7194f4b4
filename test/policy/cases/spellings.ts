import { guardManifests } from "../../../policy/admission/guard";
import { namespaceManifest } from "../../../manifests/namespace";
import { rightsManifests } from "../../../policy/admission/deployer";
import type { Case } from "./case";
import { foreignTest, ordinary, POD } from "./fixtures";
import { other, rights, seen } from "./other";
import { inText } from "./texts";

const admission = "admissionregistration.k8s.io";
const versions = ["v1", "v1beta1", "v1alpha1"];

/** The guard's and the deployer's own objects, by every way but the one that declares them. */
const ownObjects: readonly Case[] = [
  ...guardManifests()
    .slice(0, 1)
    .flatMap(({ policy, binding }) => [policy, binding])
    .flatMap((manifest) => [
      ...versions
        .flatMap((version) => ["", "Patch"].map((suffix) => ({ version, suffix })))
        .filter(({ version, suffix }) => version !== "v1" || suffix !== "")
        .map(({ version, suffix }) =>
          other(
            `${manifest.kind} ${manifest.metadata.name} as a ${manifest.kind}${suffix} of ${version}`,
            `kubernetes:${admission}/${version}:${manifest.kind}${suffix}`,
            { ...manifest, apiVersion: `${admission}/${version}` },
            rights,
          ),
        ),
      ...versions.map((version) =>
        other(
          `${manifest.kind} ${manifest.metadata.name} in a list of ${version}`,
          `kubernetes:${admission}/${version}:${manifest.kind}List`,
          {
            apiVersion: `${admission}/${version}`,
            kind: `${manifest.kind}List`,
            items: [{ metadata: manifest.metadata }],
          },
          rights,
        ),
      ),
      other(
        `${manifest.kind} ${manifest.metadata.name} in a List`,
        "kubernetes:core/v1:List",
        { apiVersion: "v1", kind: "List", items: [manifest] },
        rights,
      ),
      other(
        `${manifest.kind} ${manifest.metadata.name} in a manifest of text`,
        "kubernetes:yaml/v2:ConfigGroup",
        { yaml: JSON.stringify(manifest) },
        rights,
      ),
      other(
        `${manifest.kind} ${manifest.metadata.name} of another package`,
        `mine:index:${manifest.kind}`,
        manifest,
        rights,
      ),
    ]),
  ...rightsManifests().map((manifest) =>
    other(
      `the deployer's ${manifest.kind} as a patch`,
      `kubernetes:${manifest.apiVersion}:${manifest.kind}Patch`,
      manifest,
      rights,
    ),
  ),
  ...(
    [
      ["core/v1:NamespaceList", { items: [{ metadata: { name: "fuse-test" } }] }],
      ["core/v1:List", { items: [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "fuse-test" } }] }],
      ["yaml/v2:ConfigGroup", { yaml: "kind: Namespace\napiVersion: v1\nmetadata: {name: !!str fuse-test}" }],
    ] as const
  ).map(([type, props]) => other(`the namespace in a ${type}`, `kubernetes:${type}`, props, rights)),
  other(
    "the namespace of another package",
    "mine:index:Namespace",
    namespaceManifest("fuse-test", "other"),
    rights,
  ),
  other(
    "the namespace of another package without a kind",
    "mine:index/namespaceV1:NamespaceV1",
    { metadata: { name: "fuse-test", labels: {} } },
    rights,
  ),
  other(
    "another namespace of another package",
    "mine:index/namespaceV1:NamespaceV1",
    { metadata: { name: "web" } },
    { ...rights, organization: "allowed" },
  ),
  ...["fuse\u2010test", "Fuse-Test", " fuse-test"].map((name) =>
    other(
      `a namespace that looks like the test's: ${JSON.stringify(name)}`,
      "kubernetes:core/v1:Namespace",
      { apiVersion: "v1", kind: "Namespace", metadata: { name } },
      rights,
    ),
  ),
  ...(
    [
      ["helm.sh/v3:Release", { chart: "x", namespace: "fuse-test" }],
      ["helm.sh/v4:Chart", { chart: "x", namespace: "fuse-test" }],
      ["kustomize/v2:Directory", { directory: "x", namespace: "fuse-test" }],
      ["kustomize.toolkit.fluxcd.io/v1:Kustomization", { spec: { targetNamespace: "fuse-test" } }],
      ["helm.toolkit.fluxcd.io/v2:HelmRelease", { spec: { targetNamespace: "fuse-test" } }],
      ["argoproj.io/v1alpha1:Application", { spec: { destination: { namespace: "fuse-test" } } }],
    ] as const
  ).map(([type, props]) => other(`a ${type} into fuse-test`, `kubernetes:${type}`, props, rights)),
];

function kubeconfig(namespace: string, current = "a"): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": current,
    contexts: [
      { name: "a", context: { cluster: "c", user: "u", namespace } },
      { name: "b", context: { cluster: "c", user: "u" } },
    ],
  });
}

const provider = "pulumi:providers:kubernetes";
const allowed = { ...rights, organization: "allowed" } as const;

const providers: readonly Case[] = [
  other(
    "a provider whose context has the test's namespace",
    provider,
    { kubeconfig: kubeconfig("fuse-test") },
    rights,
  ),
  other(
    "a provider whose context by name has the test's namespace",
    provider,
    { kubeconfig: kubeconfig("Fuse-Test", "b"), context: "a" },
    rights,
  ),
  other(
    "a provider whose context has another namespace",
    provider,
    { kubeconfig: kubeconfig("web") },
    allowed,
  ),
  other(
    "a provider with another context in the test's namespace",
    provider,
    { kubeconfig: kubeconfig("fuse-test"), context: "b" },
    allowed,
  ),
  other(
    "a provider whose own namespace wins over the context's",
    provider,
    { kubeconfig: kubeconfig("fuse-test"), namespace: "web" },
    allowed,
  ),
  other(
    "a provider with the path of a kubeconfig",
    provider,
    { kubeconfig: "/home/me/.kube/config" },
    allowed,
  ),
];

/** Pods by another package's type, and a type that differs from an object's own kind. */
const otherPackages: readonly Case[] = [
  ...["mine:index:Pod", "k8s:core/v1:Pod", "kubernetesPackage:core:PodV1", "mine:index:Thing"].flatMap(
    (type) => [
      other(`a FUSE test as a ${type}`, type, ordinary(foreignTest), seen),
      other(`an nginx as a ${type}`, type, ordinary(), { ...seen, organization: "allowed" }),
    ],
  ),
  other(
    "a FUSE test without a kind as a pod of another package",
    "mine:index:Pod",
    { metadata: { name: "x" }, spec: foreignTest },
    seen,
  ),
  other(
    "a FUSE test in the spelling of another language",
    "mine:index:Pod",
    {
      metadata: { name: "x" },
      spec: {
        container: [{ volume_mount: [{ name: "b", mount_path: "/m", mount_propagation: "Bidirectional" }] }],
        volume: [{ name: "b", host_path: { path: "/srv" } }],
      },
    },
    seen,
  ),
  other(
    "a bridge in the spelling of another language",
    "mine:index:Pod",
    { spec: { volume: [{ name: "b", host_path: { path: "/tmp/fuse-test-bridge" } }] } },
    seen,
  ),
  other(
    "a pod that says it is a ConfigMap by its type",
    "kubernetes:core/v1:ConfigMap",
    ordinary(foreignTest),
    seen,
  ),
  other(
    "a CustomResourceDefinition that says it is a pod",
    POD,
    { ...ordinary(foreignTest), kind: "CustomResourceDefinition", apiVersion: "apiextensions.k8s.io/v1" },
    seen,
  ),
];

function setting(what: string, name: string, value: string, more: Partial<Case> = {}): Case {
  const application = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "a", namespace: "argocd" },
    spec: { source: { helm: { parameters: [{ name, value }] } } },
  };
  return other(
    `an Application whose parameter sets ${what}`,
    "kubernetes:argoproj.io/v1alpha1:Application",
    application,
    { ...seen, ...more },
  );
}

/** Fields that are set by their names in a text. */
const settings: readonly Case[] = [
  setting("a propagation", "mounts[0].mountPropagation", "Bidirectional"),
  setting("a directory", "volumes[0].hostPath.path", "/proc/1/root/tmp/fuse-test-bridge"),
  setting("a directory by one name", "hostPath", "/tmp/./fuse-test-bridge"),
  setting("a part of a directory", "mounts[0].subPath", "fuse-test-bridge"),
  setting("an annotation", "devices.nri.io/pod", "- path: /dev/fuse"),
  setting("another propagation", "mounts[0].mountPropagation", "None", { organization: "allowed" }),
  setting("another directory", "volumes[0].hostPath.path", "/srv", { organization: "allowed" }),
  setting("another part of a directory", "mounts[0].subPath", "media", { organization: "allowed" }),
];

/** One object by many spellings. */
export const spellings: readonly Case[] = [
  ...ownObjects,
  ...providers,
  ...otherPackages,
  ...inText,
  ...settings,
];
