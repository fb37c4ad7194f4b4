import { bothAllow, type Case } from "./case";
import { foreignTest, ordinary } from "./fixtures";
import { other, rclone, rights, seen } from "./other";

const lets = { ...seen, organization: "allowed" } as const;

const schema = (properties: Record<string, unknown>) => ({
  type: "object",
  properties: { spec: { type: "object", properties } },
});

const podSchema = {
  containers: { type: "array", items: { type: "object", properties: { image: { type: "string" } } } },
  volumes: {
    type: "array",
    items: {
      type: "object",
      properties: {
        hostPath: {
          type: "object",
          description: "a directory of the node, such as /dev/fuse or /tmp/fuse-test-bridge",
          required: ["path"],
          properties: { path: { type: "string" }, type: { type: "string" } },
        },
        local: { type: "object", properties: { path: { type: "string" } } },
      },
    },
  },
  volumeMounts: {
    type: "array",
    items: {
      type: "object",
      properties: {
        mountPropagation: { type: "string", description: "None, HostToContainer or Bidirectional" },
        subPath: { type: "string" },
      },
    },
  },
  securityContext: {
    type: "object",
    properties: {
      privileged: { type: "boolean" },
      capabilities: { type: "object", properties: { add: { type: "array", items: { type: "string" } } } },
    },
  },
  resources: { type: "object", properties: { limits: { type: "object" }, requests: { type: "object" } } },
  labels: { type: "object", additionalProperties: { type: "string" } },
  image: { type: "string" },
};

/** Definitions of custom resources whose schema is that of a pod, as projects publish them. */
const definitions: readonly Case[] = [
  ["monitoring.coreos.com", "Prometheus"],
  ["monitoring.coreos.com", "Alertmanager"],
  ["argoproj.io", "Rollout"],
  ["argoproj.io", "Workflow"],
  ["postgresql.cnpg.io", "Cluster"],
  ["ray.io", "RayCluster"],
  ["ceph.rook.io", "CephCluster"],
  ["longhorn.io", "Volume"],
  ["tekton.dev", "Task"],
].flatMap(([group = "", kind = ""]) => {
  const plural = `${kind.toLowerCase()}s`;
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema(podSchema) } }],
    },
  };
  const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
  return [
    other(`the definition of ${kind} of ${group}`, type, definition, { ...rights, organization: "allowed" }),
    other(
      `the definition of ${kind} of ${group} in a manifest of text`,
      "kubernetes:yaml/v2:ConfigGroup",
      { yaml: JSON.stringify(definition) },
      lets,
    ),
  ];
});

function release(values: unknown): Record<string, unknown> {
  return { chart: "x", name: "x", namespace: "x", values };
}

/** Values of charts with the field names of a FUSE test, and without its values. */
const values: Readonly<Record<string, unknown>> = {
  "an empty propagation": { mountPropagation: "", extraVolumeMounts: [{ name: "v", mountPropagation: "" }] },
  "no propagation": { mountPropagation: null },
  "an empty hostPath": { hostPath: {}, persistence: { hostPath: "" } },
  "an image in parts beside privilege": {
    image: { registry: "quay.io", repository: "cilium/cilium", tag: "v1" },
    securityContext: { privileged: true },
  },
  "an image in parts without a registry": {
    image: { repository: "longhornio/longhorn-manager", pullPolicy: "IfNotPresent" },
    securityContext: { privileged: true },
  },
  "an image that is not named": { image: {}, securityContext: { privileged: true } },
  "no image": { image: null, securityContext: { capabilities: { add: ["SYS_ADMIN"] } } },
  "a flag for privilege": { privileged: true, image: { repository: "library/nginx" } },
  "local storage": { local: { enabled: true }, hostPath: "/srv" },
};

const tested: Readonly<Record<string, unknown>> = {
  "rclone in parts beside privilege": {
    image: { registry: "docker.io", repository: "rclone/rclone", tag: "1.71.2" },
    securityContext: { privileged: true },
  },
  "rclone as one text beside privilege": { image: rclone.image, securityContext: { privileged: true } },
  "a propagation": { mountPropagation: "Bidirectional" },
  "a propagation in a list": {
    extra: [{ volumeMounts: [{ name: "v", mountPropagation: "Bidirectional" }] }],
  },
  "a propagation by a variable": { mountPropagation: "{{ .Values.x }}" },
  "the bridge": { hostPath: "/tmp/./fuse-test-bridge" },
  "the device": { hostPath: { path: "/dev/fuse" } },
};

const kyverno = (kind: string, rule: unknown) => ({
  apiVersion: "kyverno.io/v1",
  kind,
  metadata: { name: "p" },
  spec: { rules: [rule] },
});

const match = { any: [{ resources: { kinds: ["Pod"] } }] };
const mountsOf = (mountPropagation: string) => ({
  spec: { containers: [{ name: "*", volumeMounts: [{ name: "*", mountPropagation }] }] },
});

/** Policies that forbid a FUSE test, and others that would create one. */
const forbidding: readonly (readonly [string, unknown])[] = [
  [
    "that forbids Bidirectional by a pattern",
    { name: "r", match, validate: { pattern: mountsOf("!Bidirectional") } },
  ],
  [
    "that forbids Bidirectional by a condition",
    {
      name: "r",
      match,
      validate: {
        deny: {
          conditions: {
            any: [{ key: "{{ element.mountPropagation }}", operator: "Equals", value: "Bidirectional" }],
          },
        },
      },
    },
  ],
  [
    "that forbids Bidirectional by an anchor",
    {
      name: "r",
      match,
      validate: {
        pattern: { spec: { containers: [{ volumeMounts: [{ "X(mountPropagation)": "Bidirectional" }] }] } },
      },
    },
  ],
  [
    "that only lets pods with Bidirectional be looked at",
    { name: "r", match, preconditions: mountsOf("Bidirectional"), validate: { message: "x" } },
  ],
];

const policies = forbidding.map(([what, rule]) =>
  other(
    `a Kyverno policy ${what}`,
    "kubernetes:kyverno.io/v1:ClusterPolicy",
    kyverno("ClusterPolicy", rule),
    lets,
  ),
);

const making: readonly (readonly [string, unknown])[] = [
  [
    "mutates to Bidirectional",
    { name: "r", match, mutate: { patchStrategicMerge: mountsOf("Bidirectional") } },
  ],
  [
    "mutates to Bidirectional by a text",
    {
      name: "r",
      match,
      mutate: {
        patchesJson6902: JSON.stringify([
          { op: "add", path: "/x", value: { mountPropagation: "Bidirectional" } },
        ]),
      },
    },
  ],
  [
    "generates a FUSE test",
    { name: "r", match, generate: { apiVersion: "v1", kind: "Pod", name: "x", data: ordinary(foreignTest) } },
  ],
];

const makers = making.map(([what, rule]) =>
  other(`a Kyverno policy that ${what}`, "kubernetes:kyverno.io/v1:Policy", kyverno("Policy", rule), seen),
);

/** Objects with the words of a FUSE test that are none. */
export const harmless: readonly Case[] = [
  ...definitions,
  ...Object.entries(values).map(([what, content]) =>
    other(`a chart with ${what}`, "kubernetes:helm.sh/v3:Release", release(content), lets),
  ),
  ...Object.entries(tested).map(([what, content]) =>
    other(`a chart with ${what} of a FUSE test`, "kubernetes:helm.sh/v3:Release", release(content), seen),
  ),
  ...policies,
  ...makers,
  other(
    "a constraint that forbids Bidirectional",
    "kubernetes:templates.gatekeeper.sh/v1:ConstraintTemplate",
    {
      apiVersion: "templates.gatekeeper.sh/v1",
      kind: "ConstraintTemplate",
      metadata: { name: "nopropagation" },
      spec: {
        targets: [{ rego: 'violation[{"msg": m}] { input.mountPropagation == "Bidirectional"; m := "no" }' }],
      },
    },
    lets,
  ),
  other(
    "another admission policy that forbids Bidirectional and the FUSE device",
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: "no-propagation" },
      spec: {
        matchConstraints: {
          resourceRules: [
            { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
          ],
        },
        validations: [
          {
            expression: "!object.spec.volumes.exists(v, v.hostPath.path == '/dev/fuse')",
            message: "mountPropagation: Bidirectional",
          },
        ],
      },
    },
    { ...rights, organization: "allowed" },
  ),
  other(
    "a network policy that denies all in another namespace",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "deny-all", namespace: "default" },
      spec: { podSelector: {}, policyTypes: ["Ingress"] },
    },
    bothAllow,
  ),
  other(
    "a custom resource with a pod without anything",
    "kubernetes:monitoring.coreos.com/v1:Prometheus",
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Prometheus",
      metadata: { name: "p", namespace: "default" },
      spec: {
        image: "quay.io/prometheus/prometheus:v3.4.0",
        securityContext: { runAsUser: 1000 },
        volumes: [{ name: "v", hostPath: { path: "/srv" } }],
        volumeMounts: [{ name: "v", mountPath: "/m", mountPropagation: "HostToContainer" }],
        resources: { requests: { memory: "1Gi" } },
      },
    },
    lets,
  ),
];
