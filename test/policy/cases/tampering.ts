import { rightsManifests } from "../../../policy/admission/deployer";
import { guardManifests } from "../../../policy/admission/guard";
import { type Case, changed, UNKNOWN } from "./case";
import { nginx, POD, producer } from "./fixtures";
import { other, rights } from "./other";

const RBAC = "rbac.authorization.k8s.io";

function binding(what: string, kind: string, subject: unknown, more: Partial<Case> = {}): Case {
  return other(
    `a ${kind} for ${what}`,
    `kubernetes:${RBAC}/v1:${kind}`,
    {
      apiVersion: `${RBAC}/v1`,
      kind,
      metadata: { name: "more", ...(kind === "RoleBinding" ? { namespace: "default" } : {}) },
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "User", apiGroup: RBAC, name: "somebody" }, subject],
    },
    { ...rights, ...more },
  );
}

const group = { kind: "Group", apiGroup: RBAC };
const left = { organization: "allowed" } as const;

/** Rights for the deployers in addition to their own. */
const bindings: readonly Case[] = ["RoleBinding", "ClusterRoleBinding"].flatMap((kind) => [
  binding("the deployers", kind, { ...group, name: "fuse-test-deployers" }),
  binding("a group that is not known", kind, { ...group, name: UNKNOWN }),
  binding("a subject of a kind that is not known", kind, {
    kind: UNKNOWN,
    apiGroup: RBAC,
    name: "fuse-test-deployers",
  }),
  binding("a subject that is not known", kind, UNKNOWN),
  binding("another group", kind, { ...group, name: "fuse-test-deployers-2" }, left),
  binding("a user of the same name", kind, { ...group, kind: "User", name: "fuse-test-deployers" }, left),
  binding(
    "a service account whose name is not known",
    kind,
    { kind: "ServiceAccount", name: UNKNOWN, namespace: "default" },
    left,
  ),
]);

/** Ways around the rules. */
export const tampering: readonly Case[] = [
  ...["Node", "NodePatch"].map((kind) =>
    other(
      `a ${kind} that takes w2's label`,
      `kubernetes:core/v1:${kind}`,
      {
        apiVersion: "v1",
        kind,
        metadata: { name: "w1", labels: { "kubernetes.io/hostname": "w2" } },
      },
      rights,
    ),
  ),
  other(
    "a RuntimeClass that chooses a node",
    "kubernetes:node.k8s.io/v1:RuntimeClass",
    {
      apiVersion: "node.k8s.io/v1",
      kind: "RuntimeClass",
      metadata: { name: "there" },
      handler: "runc",
      scheduling: { nodeSelector: { "kubernetes.io/hostname": "w1" } },
    },
    { ...rights, organization: "allowed" },
  ),
  other(
    "a namespace elsewhere that admits privileged pods",
    "kubernetes:core/v1:Namespace",
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "media", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    },
    { ...rights, organization: "allowed" },
  ),
  ...["deployment", "template"].map((place) =>
    other(
      `a Deployment whose ${place} alone names fuse-test`,
      "kubernetes:apps/v1:Deployment",
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", namespace: place === "template" ? "default" : "fuse-test" },
        spec: {
          selector: { matchLabels: { app: "web" } },
          template: {
            metadata: { labels: { app: "web" }, namespace: place === "template" ? "fuse-test" : "default" },
            spec: { containers: [nginx] },
          },
        },
      },
      place === "template"
        ? { admission: "allowed", reason: "the API server takes no heed of a template's namespace" }
        : {},
    ),
  ),
  other(
    "the output of another stack",
    "pulumi:pulumi:StackReference",
    { name: "organization/other/stack" },
    { ...rights, organization: "allowed" },
  ),
  other(
    "a Binding",
    "kubernetes:core/v1:Binding",
    {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: "fuse-producer", namespace: "fuse-test" },
      target: { kind: "Node", name: "w1" },
    },
    { admission: "refused" },
  ),
  ...["NamespacePatch", "Namespace"].map((kind) =>
    other(
      `a ${kind} that relabels fuse-test`,
      `kubernetes:core/v1:${kind}`,
      {
        apiVersion: "v1",
        kind,
        metadata: { name: "fuse-test", labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
      },
      rights,
    ),
  ),
  ...guardManifests().flatMap(({ policy, binding }) => [
    other(
      `a weaker ${policy.metadata.name}`,
      "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
      changed(policy, ["spec", "failurePolicy"], "Ignore"),
      rights,
    ),
    other(
      `a binding of ${binding.metadata.name} that only audits`,
      "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
      changed(binding, ["spec", "validationActions"], ["Audit"]),
      rights,
    ),
  ]),
  ...rightsManifests().flatMap((manifest) => {
    const type = `kubernetes:${manifest.apiVersion}:${manifest.kind}`;
    const more =
      "rules" in manifest
        ? changed(manifest, ["rules", 0, "verbs"], ["*"])
        : changed(manifest, ["roleRef", "name"], "cluster-admin");
    return [
      other(`the deployer's ${manifest.kind} as it is`, type, manifest, {
        ...rights,
        organization: "allowed",
      }),
      other(`a ${manifest.kind} that gives the deployer more`, type, more, rights),
    ];
  }),
  ...bindings,
  other(
    "a command with the FUSE device",
    "command:local:Command",
    { create: "docker run --device /dev/fuse x" },
    { ...rights },
  ),
  other(
    "a remote command with the bridge",
    "command:remote:Command",
    { connection: { host: "w1" }, create: "ls /tmp/fuse-test-bridge" },
    { ...rights },
  ),
  other(
    "a command that is none of the program's",
    "command:local:Command",
    { create: "true" },
    { ...rights, organization: "allowed" },
  ),
  other(
    "a dynamic resource",
    "pulumi-nodejs:dynamic:Resource",
    { __provider: "exports.x" },
    { ...rights, organization: "allowed" },
  ),
  other(
    "a provider with the test's namespace",
    "pulumi:providers:kubernetes",
    { namespace: "fuse-test" },
    { ...rights, policies: ["known-resources"] },
  ),
  other(
    "a webhook that mutates",
    "kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration",
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name: "x" },
      webhooks: [],
    },
    { ...rights, organization: "allowed" },
  ),
  other(
    "a policy that mutates",
    "kubernetes:admissionregistration.k8s.io/v1alpha1:MutatingAdmissionPolicy",
    {
      apiVersion: "admissionregistration.k8s.io/v1alpha1",
      kind: "MutatingAdmissionPolicy",
      metadata: { name: "x" },
      spec: { mutations: [] },
    },
    { ...rights, organization: "allowed" },
  ),
  ...["apps/v1:Deployment", "batch/v1:Job"].map((type) =>
    other(
      `a pod that says it is a ${type}`,
      `kubernetes:${type}`,
      { ...producer, metadata: producer.metadata },
      { ...rights },
    ),
  ),
  {
    title: "a producer that keeps its old spec",
    type: POD,
    props: producer,
    options: { ignoreChanges: ["spec"] },
    policies: ["known-resources"],
    organization: "allowed",
    admission: "allowed",
    reason: "only this project's own stack may not do that",
  },
];
