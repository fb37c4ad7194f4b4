import { bothAllow, type Case, changed, secret, UNKNOWN } from "./case";
import { ordinary, POD } from "./fixtures";
import { other, privileged, rclone, rights, seen, volume, withContainer } from "./other";

function near(
  title: string,
  spec: Record<string, unknown>,
  namespace = "default",
  more: Partial<Case> = {},
): Case {
  return other(title, POD, ordinary(spec, namespace), { ...bothAllow, ...more });
}

const mount = { volumeMounts: [{ name: "v", mountPath: "/m", readOnly: true }] };

/** Objects that resemble a FUSE test and are none. */
export const nearMisses: readonly Case[] = [
  near("an nginx", {}),
  near("an nginx in fuse-test-2", {}, "fuse-test-2"),
  near("an nginx on w1", { nodeName: "w1" }),
  near("an nginx with a nodeSelector", { nodeSelector: { "kubernetes.io/hostname": "w1" } }),
  ...[
    "/tmp/fuse-test-bridge2",
    "/tmp/fuse-test-bridge-2",
    "/tmp/fuse-test-bridg",
    "/tmp",
    "/",
    "/var/log",
    "/dev",
    "/dev/fuse2",
    "/mnt/tmp/fuse-test-bridge",
    "/tmp/a/fuse-test-bridge",
  ].map((path) => near(`hostPath ${path}, read-only`, { ...withContainer(mount), ...volume({ path }) })),
  ...["None", "HostToContainer"].map((mountPropagation) =>
    near(`propagation ${mountPropagation}`, {
      ...withContainer({ volumeMounts: [{ name: "v", mountPath: "/m", mountPropagation }] }),
      ...volume({ path: "/srv" }),
    }),
  ),
  near("a privileged nginx", withContainer(privileged)),
  near(
    "an nginx with SYS_ADMIN",
    withContainer({ securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }),
  ),
  near("an rclone without privilege", withContainer(rclone)),
  near(
    "an rclone with NET_ADMIN",
    withContainer({ ...rclone, securityContext: { capabilities: { add: ["NET_ADMIN"] } } }),
  ),
  near(
    "an rclone that says it has no privilege",
    withContainer({ ...rclone, securityContext: { privileged: false } }),
  ),
  near("a GPU", withContainer({ resources: { limits: { "nvidia.com/gpu": "1" } } })),
  near("a Bidirectional of no volume named fused", withContainer({ resources: { limits: { cpu: "1" } } })),
  near("a claim", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] }),
  near("the host's network", { hostNetwork: true }),
  near("a user's tolerations", { tolerations: [{ operator: "Exists" }] }),
  other("an nginx with an unknown image", POD, ordinary(withContainer({ image: UNKNOWN })), {
    ...seen,
    organization: "allowed",
  }),
  other(
    "an nginx with a label of its own",
    POD,
    changed(ordinary(), ["metadata", "labels"], { "app.kubernetes.io/name": "fuse-test-2" }),
    bothAllow,
  ),
  other(
    "a ConfigMap that mentions /dev/fuse",
    "kubernetes:core/v1:ConfigMap",
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", namespace: "default" },
      data: { readme: "mount /dev/fuse at /tmp/fuse-test-bridge" },
    },
    bothAllow,
  ),
  other(
    "a Secret that mentions the bridge",
    "kubernetes:core/v1:Secret",
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "c", namespace: "default" },
      stringData: { x: "/tmp/fuse-test-bridge" },
    },
    bothAllow,
  ),
  other(
    "a PersistentVolume of /srv",
    "kubernetes:core/v1:PersistentVolume",
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "srv" },
      spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteMany"], hostPath: { path: "/srv" } },
    },
    bothAllow,
  ),
  other(
    "a Service",
    "kubernetes:core/v1:Service",
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s", namespace: "default" },
      spec: { ports: [{ port: 80 }] },
    },
    bothAllow,
  ),
  other(
    "a namespace fuse-test-2",
    "kubernetes:core/v1:Namespace",
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "fuse-test-3" } },
    bothAllow,
  ),
  other(
    "a Node",
    "kubernetes:core/v1:Node",
    { apiVersion: "v1", kind: "Node", metadata: { name: "w1", labels: { "kubernetes.io/hostname": "w1" } } },
    { ...rights, organization: "allowed" },
  ),
  other("a bucket", "aws:s3/bucket:Bucket", { bucket: "x" }, { ...rights, organization: "allowed" }),
  other(
    "a task with unknown volumes",
    "aws:ecs/taskDefinition:TaskDefinition",
    { volumes: UNKNOWN },
    { ...rights, organization: "allowed" },
  ),
  other(
    "a password",
    "random:index/randomPassword:RandomPassword",
    { length: 20, special: secret(true) },
    { ...rights, organization: "allowed" },
  ),
];
