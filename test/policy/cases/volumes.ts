import { type Case, REMOVED, secret, UNKNOWN } from "./case";
import { consumer, control, producer } from "./fixtures";
import { container, onlyInPulumi, pod } from "./mutation";

const privilege = "least-privilege";
const path = ["spec", "volumes", 0, "hostPath", "path"];
const bridge = [...container, "volumeMounts", 0] as const;
const extraVolume = (volume: Record<string, unknown>) =>
  ["spec", "volumes", 3, { name: "more", ...volume }] as const;

/** The directories and devices of the node in a pod. */
export const volumes: readonly Case[] = [
  ...[
    "/",
    "/tmp",
    "/tmp/",
    "/etc",
    "/dev/fuse",
    "/tmp/fuse-test-bridge",
    "/tmp/fuse-test-bridge/",
    "/tmp/fuse-test-bridge/1/",
    "/tmp/fuse-test-bridge//1",
    "/tmp/fuse-test-bridge/./1",
    "/tmp/fuse-test-bridge-evil/1",
    "/tmp/fuse-test-bridge2/1",
    "/tmp/fuse-test-bridge/1/mount",
    "/tmp/fuse-test-bridge/..",
    "/tmp/fuse-test-bridge/.",
    "/tmp/fuse-test-bridge/.hidden",
    "/tmp/fuse-test-bridge/1.",
    "/tmp/fuse-test-bridge/two words",
    "/tmp/fuse-test-bridge/1\n",
    `/tmp/fuse-test-bridge/${"1".repeat(64)}`,
    "/tmp/fuse-test-bridge/1/../..",
    "/tmp/../tmp/fuse-test-bridge/1",
    "/tmp/./fuse-test-bridge/1",
    "//tmp/fuse-test-bridge/1",
    "tmp/fuse-test-bridge/1",
    "/TMP/fuse-test-bridge/1",
    "/var/lib/kubelet/pods",
    "",
  ].map((value) => pod(producer, "bridge-only", `hostPath ${JSON.stringify(value)}`, path, value)),
  onlyInPulumi("bridge-only", "an unknown hostPath", path, UNKNOWN),
  onlyInPulumi("bridge-only", "a secret hostPath", path, secret("/tmp/fuse-test-bridge/1")),
  pod(producer, "bridge-only", "an untyped hostPath", ["spec", "volumes", 0, "hostPath", "type"], REMOVED),
  pod(producer, "bridge-only", "a hostPath of a file", ["spec", "volumes", 0, "hostPath", "type"], "File"),
  ...[
    { hostPath: { path: "/var" } },
    { persistentVolumeClaim: { claimName: "bridge" } },
    { csi: { driver: "example.com/fuse" } },
    { nfs: { server: "w1", path: "/" } },
    { flexVolume: { driver: "example/fuse" } },
    {
      ephemeral: {
        volumeClaimTemplate: {
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      },
    },
    { secret: { secretName: "x" } },
    { projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
    { emptyDir: {} },
  ].map((volume) => {
    const [spec, key, index, value] = extraVolume(volume);
    return pod(
      consumer,
      "bridge-only",
      `a volume of ${Object.keys(volume).join()}`,
      [spec, key, index],
      value,
    );
  }),
  pod(
    producer,
    "bridge-only",
    "another ConfigMap of programs",
    ["spec", "volumes", 1, "configMap", "name"],
    "mine",
  ),
  pod(consumer, privilege, "Bidirectional", [...bridge, "mountPropagation"], "Bidirectional"),
  pod(control, privilege, "HostToContainer", [...bridge, "mountPropagation"], "HostToContainer"),
  pod(
    consumer,
    privilege,
    "bidirectional in small letters",
    [...bridge, "mountPropagation"],
    "bidirectional",
  ),
  pod(consumer, "bridge-only", "a writable bridge", [...bridge, "readOnly"], false),
  pod(consumer, "bridge-only", "the bridge elsewhere", [...bridge, "mountPath"], "/etc"),
  pod(consumer, "bridge-only", "a part of the bridge", [...bridge, "subPath"], "mount"),
  pod(
    producer,
    "bridge-only",
    "a Bidirectional emptyDir",
    [...container, "volumeMounts", 2, "mountPropagation"],
    "Bidirectional",
  ),
  pod(
    producer,
    "bounded-pods",
    "a FUSE device by a plugin",
    [...container, "resources", "limits", "smarter-devices/fuse"],
    "1",
  ),
  pod(
    producer,
    "bridge-only",
    "a device by a claim",
    [...container, "resources", "claims"],
    [{ name: "fuse" }],
  ),
  pod(
    producer,
    "bridge-only",
    "claims of the pod",
    ["spec", "resourceClaims"],
    [{ name: "fuse", resourceClaimName: "fuse" }],
  ),
  pod(
    producer,
    "bridge-only",
    "a block device",
    [...container, "volumeDevices"],
    [{ name: "bridge", devicePath: "/dev/fuse" }],
  ),
];
