import { type Case, changed, secret, UNKNOWN } from "./case";
import { foreignTest, nginx, ordinary, POD } from "./fixtures";
import { elsewhere, other, privileged, rclone, seen, volume, withContainer } from "./other";

function elsewhereCase(what: string, spec: Record<string, unknown>, more: Partial<Case> = {}): Case {
  return other(`a pod elsewhere with ${what}`, POD, ordinary(spec), {
    policies: ["known-resources", elsewhere],
    ...more,
  });
}

/** What is a FUSE test, or could be one, elsewhere. */
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
  elsewhereCase(
    "storage drivers' propagation",
    {
      ...foreignTest,
      volumes: [
        { name: "bridge", hostPath: { path: "/var/lib/kubelet/plugins/x", type: "DirectoryOrCreate" } },
      ],
    },
    {
      admission: "allowed",
      reason: "the API server lets storage drivers run, or no volume could be mounted",
    },
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
