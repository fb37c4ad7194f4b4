import { bothAllow, type Case, changed, secret, UNKNOWN } from "./case";
import { foreignTest, nginx, ordinary, POD } from "./fixtures";
import { elsewhere, other, privileged, rclone, seen, volume, withContainer } from "./other";

function elsewhereCase(what: string, spec: Record<string, unknown>, more: Partial<Case> = {}): Case {
  return other(`a pod elsewhere with ${what}`, POD, ordinary(spec), {
    policies: ["known-resources", elsewhere],
    ...more,
  });
}

const exactly = (deviceClassName: string) => ({ exactly: { deviceClassName } });

function claim(title: string, namespace: string, request: object, more: Partial<Case> = {}): Case {
  const props = {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceClaim",
    metadata: { name: "device", namespace },
    spec: { devices: { requests: [{ name: "device", ...request }] } },
  };
  return other(title, "kubernetes:resource.k8s.io/v1:ResourceClaim", props, more);
}

/** Objects elsewhere that are or could be a FUSE test. */
export const suspicious: readonly Case[] = [
  ...[
    "/tmp/fuse-test-bridge",
    "/tmp/fuse-test-bridge/sub",
    "/dev/fuse",
    "//tmp/fuse-test-bridge",
    "/tmp/./fuse-test-bridge/",
    "/tmp/x/../fuse-test-bridge",
  ].map((path) => elsewhereCase(`hostPath ${path}`, volume({ path }))),
  elsewhereCase("an unknown hostPath", volume({ path: UNKNOWN }), { ...seen }),
  elsewhereCase("a secret hostPath", volume({ path: secret("/x") }), { ...seen }),
  elsewhereCase("unknown volumes", { volumes: UNKNOWN }, { ...seen }),
  elsewhereCase("unknown containers", { containers: UNKNOWN }, { ...seen }),
  elsewhereCase(
    "a Bidirectional mount",
    withContainer({
      ...privileged,
      volumeMounts: [{ name: "v", mountPath: "/m", mountPropagation: "Bidirectional" }],
    }),
    {},
  ),
  elsewhereCase("a Bidirectional mount of an init container", {
    ...volume({ path: "/srv" }),
    initContainers: [
      {
        ...nginx,
        name: "init",
        ...privileged,
        volumeMounts: [{ name: "v", mountPath: "/m", mountPropagation: "Bidirectional" }],
      },
    ],
  }),
  elsewhereCase(
    "an unknown propagation",
    withContainer({
      volumeMounts: [{ name: "v", mountPath: "/m", mountPropagation: UNKNOWN }],
    }),
    { ...seen },
  ),
  elsewhereCase(
    "a FUSE device by a plugin",
    withContainer({ resources: { limits: { "smarter-devices/fuse": "1" } } }),
  ),
  elsewhereCase("privilege and rclone", withContainer({ ...privileged, ...rclone })),
  elsewhereCase(
    "SYS_ADMIN and rclone",
    withContainer({ ...rclone, securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }),
  ),
  elsewhereCase(
    "CAP_SYS_ADMIN and this project's image",
    withContainer({
      image: `fuse-test.local/tools@sha256:${"a".repeat(64)}`,
      securityContext: { capabilities: { add: ["cap_sys_admin"] } },
    }),
  ),
  elsewhereCase(
    "all capabilities and rclone",
    withContainer({ ...rclone, securityContext: { capabilities: { add: ["ALL"] } } }),
  ),
  elsewhereCase("privilege and an unknown image", withContainer({ ...privileged, image: UNKNOWN }), {
    ...seen,
  }),
  elsewhereCase(
    'privilege "true" and rclone',
    withContainer({ ...rclone, securityContext: { privileged: "true" } }),
  ),
  elsewhereCase(
    "unknown privilege and rclone",
    withContainer({ ...rclone, securityContext: { privileged: UNKNOWN } }),
    { ...seen },
  ),
  other(
    "a privileged pod with a label of the test",
    POD,
    changed(ordinary(withContainer(privileged)), ["metadata", "labels"], { "fuse-test/role": "producer" }),
    {},
  ),
  other(
    "a privileged pod with the test's name for a label",
    POD,
    changed(ordinary(withContainer(privileged)), ["metadata", "labels"], {
      "app.kubernetes.io/name": "fuse-test",
    }),
    {},
  ),
  other(
    "storage drivers' propagation",
    POD,
    ordinary({
      ...foreignTest,
      volumes: [
        { name: "bridge", hostPath: { path: "/var/lib/kubelet/plugins/x", type: "DirectoryOrCreate" } },
      ],
    }),
    bothAllow,
  ),
  other("a FUSE test in fuse-test on w2", POD, ordinary({ ...foreignTest, nodeName: "w2" }, "fuse-test"), {}),
  other("an nginx in fuse-test", POD, ordinary({}, "fuse-test"), {}),
  ...["hostPath", "local"].map((kind) =>
    other(
      `a PersistentVolume with the bridge as ${kind}`,
      "kubernetes:core/v1:PersistentVolume",
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "bridge" },
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteMany"],
          [kind]: { path: "/tmp/fuse-test-bridge" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["w1"] }] },
              ],
            },
          },
        },
      },
      {},
    ),
  ),
  ...["fuse-test", "default"].flatMap((namespace) => [
    claim(`a claim of a FUSE device in ${namespace}`, namespace, exactly("fuse.example.com")),
    claim(`a claim of a FUSE device or another in ${namespace}`, namespace, {
      firstAvailable: [
        { name: "a", deviceClassName: "gpu.example.com" },
        { name: "b", deviceClassName: "fuse.example.com" },
      ],
    }),
  ]),
  claim("a claim of a GPU in fuse-test", "fuse-test", exactly("gpu.example.com")),
  claim("a claim of a GPU elsewhere", "default", exactly("gpu.example.com"), bothAllow),
  other(
    "a template of claims of a FUSE device",
    "kubernetes:resource.k8s.io/v1:ResourceClaimTemplate",
    {
      apiVersion: "resource.k8s.io/v1",
      kind: "ResourceClaimTemplate",
      metadata: { name: "device", namespace: "default" },
      spec: { spec: { devices: { requests: [{ name: "device", ...exactly("fuse.example.com") }] } } },
    },
    {},
  ),
  ...["fuse-test", "default"].map((namespace) =>
    other(
      `a StatefulSet with a template of claims in ${namespace}`,
      "kubernetes:apps/v1:StatefulSet",
      {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: "web", namespace },
        spec: {
          selector: { matchLabels: { app: "web" } },
          serviceName: "web",
          template: { metadata: { labels: { app: "web" } }, spec: { containers: [nginx] } },
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          ],
        },
      },
      namespace === "fuse-test" ? {} : bothAllow,
    ),
  ),
  elsewhereCase(
    "secret capabilities and rclone",
    withContainer({ ...rclone, securityContext: { capabilities: { add: secret(["SYS_ADMIN"]) } } }),
    { ...seen },
  ),
  elsewhereCase("unknown limits", withContainer({ resources: { limits: UNKNOWN } }), { ...seen }),
  other(
    "a claim in fuse-test",
    "kubernetes:core/v1:PersistentVolumeClaim",
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "c", namespace: "fuse-test" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
    {},
  ),
];
