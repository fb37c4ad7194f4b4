import { guardManifests } from "../../../manifests/guard";
import { namespaceManifest } from "../../../manifests/namespace";
import { rightsManifests } from "../../../manifests/deployer";
import { bothAllow, type Case } from "./case";
import { foreignTest, nginx, ordinary, POD, producer } from "./fixtures";
import { other, rights, seen } from "./other";

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

/** Pods by another package's type, and a type that disagrees with what an object says of itself. */
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

const lines = (...text: readonly string[]): string => text.join("\n");
const pod = (propagation: string) =>
  lines(
    "apiVersion: v1",
    "kind: Pod",
    "metadata: {name: x, namespace: default}",
    "spec:",
    "  containers:",
    "  - name: c",
    "    image: docker.io/library/nginx:1.29",
    "    volumeMounts:",
    "    - name: v",
    "      mountPath: /m",
    ...propagation.split("\n").map((line) => `      ${line}`),
    "  volumes: [{name: v, hostPath: {path: /srv}}]",
  );

/** A FUSE test in a manifest of text, by every way in which YAML and JSON can say the same. */
const texts: Readonly<Record<string, string>> = {
  plain: pod("mountPropagation: Bidirectional"),
  "with a tag": pod("mountPropagation: !!str Bidirectional"),
  "with a tag of its own": pod("mountPropagation: !x Bidirectional"),
  "in binary": pod("mountPropagation: !!binary QmlkaXJlY3Rpb25hbA=="),
  folded: pod("mountPropagation: >-\n  Bidirectional"),
  literal: pod("mountPropagation: |-\n  Bidirectional"),
  "on the next line": pod("mountPropagation:\n  Bidirectional"),
  "after a comment": pod("mountPropagation: # none\n  Bidirectional"),
  quoted: pod("'mountPropagation': \"Bidirectional\""),
  escaped: pod('mountPropagation: "Bidirec\\u0074ional"'),
  "escaped by two digits": pod('"mountPr\\x6fpagation": "Bi\\x64irectional"'),
  "broken in a quotation": pod('mountPropagation: "Bidirec\\\n  tional"'),
  "as a complex key": pod("? mountPropagation\n: Bidirectional"),
  "by an alias": `x: &p Bidirectional\n${pod("mountPropagation: *p")}`,
  "by a merge": `x: &p {mountPropagation: Bidirectional}\n${pod("<<: *p")}`,
  "after another document": `a: 1\n---\n${pod("mountPropagation: Bidirectional")}`,
  "in JSON": JSON.stringify(ordinary(foreignTest)),
  "in JSON with escapes": JSON.stringify(ordinary(foreignTest)).replace(
    "Bidirectional",
    "\\u0042idirectional",
  ),
  "in JSON in JSON": JSON.stringify({ a: JSON.stringify({ b: JSON.stringify(ordinary(foreignTest)) }) }),
  "in YAML in YAML": `outer: |\n${pod("mountPropagation: !!str Bidirectional").replaceAll(/^/gm, "  ")}`,
  "in a template": `{{- if .Values.x }}\n${pod("mountPropagation: Bidirectional")}\n{{- end }}`,
  "in a template with a tag": `{{- if .Values.x }}\n${pod("mountPropagation: !!str Bidirectional")}\n{{- end }}`,
  "in a script": `set -eu\nkubectl apply -f - <<'E'\n${pod("mountPropagation: Bidirectional")}\nE\n`,
  "with the bridge": lines(
    "kind: Pod",
    "apiVersion: v1",
    "spec: {volumes: [{name: v, hostPath: {path: /tmp/./fuse-test-bridge}}]}",
  ),
  "with the bridge in parts": lines(
    "kind: Pod",
    "apiVersion: v1",
    "spec:",
    "  containers: [{name: c, volumeMounts: [{name: v, subPath: fuse-test-bridge}]}]",
    "  volumes: [{name: v, hostPath: {path: /tmp}}]",
  ),
};

const harmless: Readonly<Record<string, string>> = {
  "with another propagation": pod("mountPropagation: HostToContainer"),
  "that only speaks of it in a comment": pod("# not mountPropagation: Bidirectional, and not /dev/fuse"),
  "that is no manifest": "mountPropagation must not be Bidirectional: see the documentation",
};

const inText: readonly Case[] = [
  ...Object.entries(texts).flatMap(([how, yaml]) => [
    other(`a FUSE test in a manifest ${how}`, "kubernetes:yaml/v2:ConfigGroup", { yaml }, seen),
    other(
      `a FUSE test in a command's manifest ${how}`,
      "command:local:Command",
      { create: "kubectl apply -f -", stdin: yaml },
      rights,
    ),
  ]),
  ...Object.entries(harmless).map(([how, yaml]) =>
    other(
      `a manifest ${how}`,
      "kubernetes:yaml/v2:ConfigGroup",
      { yaml },
      { ...seen, organization: "allowed" },
    ),
  ),
  other(
    "a ConfigMap with a manifest of a FUSE test",
    "kubernetes:core/v1:ConfigMap",
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", namespace: "default" },
      data: { "pod.yaml": texts.plain },
    },
    bothAllow,
  ),
  other(
    "the producer in a list",
    "kubernetes:core/v1:PodList",
    { apiVersion: "v1", kind: "PodList", items: [producer] },
    seen,
  ),
  other(
    "a list of ordinary pods",
    "kubernetes:core/v1:PodList",
    { apiVersion: "v1", kind: "PodList", items: [ordinary({ containers: [nginx] })] },
    { ...seen, organization: "allowed" },
  ),
];

/** One object by many spellings. */
export const spellings: readonly Case[] = [...ownObjects, ...providers, ...otherPackages, ...inText];
