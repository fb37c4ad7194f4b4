import { bothAllow, type Case } from "./case";
import { carriers, ordinary, POD } from "./fixtures";
import { other, privileged, rclone } from "./other";

interface Mounted {
  readonly path: string;
  readonly propagation?: string;
  readonly subPath?: string;
}

/** A pod of a node's agent: one privileged container with directories of the node. */
function agent(image: string, mounts: readonly Mounted[], more: Record<string, unknown> = {}) {
  return {
    hostNetwork: true,
    tolerations: [{ operator: "Exists" }],
    containers: [
      {
        name: "agent",
        image,
        ...privileged,
        volumeMounts: mounts.map(({ path, propagation, subPath }, at) => ({
          name: `v${at}`,
          mountPath: path,
          ...(propagation === undefined ? {} : { mountPropagation: propagation }),
          ...(subPath === undefined ? {} : { subPath }),
        })),
        ...more,
      },
    ],
    volumes: mounts.map(({ path }, at) => ({ name: `v${at}`, hostPath: { path } })),
  };
}

const shared = (...paths: readonly string[]): Mounted[] =>
  paths.map((path) => ({ path, propagation: "Bidirectional" }));
const plain = (...paths: readonly string[]): Mounted[] => paths.map((path) => ({ path }));

const image = "docker.io/library/nginx:1.29";

/** An agent that propagates beside a container with another image. */
function beside(other: string) {
  const spec = agent(image, shared("/var/lib/longhorn"));
  return { ...spec, containers: [...spec.containers, { name: "beside", image: other }] };
}

/**
 * What agents of nodes mount, after the public manifests and charts of these projects: no more of each than what
 * decides here.
 */
const agents: Readonly<Record<string, unknown>> = {
  "Calico's node": agent("docker.io/calico/node:v3.30.0", [
    ...shared("/sys/fs/bpf", "/var/run/calico"),
    ...plain("/lib/modules", "/var/lib/calico", "/run/xtables.lock", "/proc"),
  ]),
  "Calico's mount of bpffs": agent("docker.io/calico/node:v3.30.0", shared("/sys/fs", "/var/run/calico"), {
    command: ["calico-node", "-init", "-best-effort"],
  }),
  "Cilium's agent": agent("quay.io/cilium/cilium:v1.17.4", [
    ...shared("/sys/fs/bpf"),
    { path: "/run/cilium/cgroupv2", propagation: "HostToContainer" },
    ...plain("/var/run/cilium", "/opt/cni/bin", "/proc/sys/net"),
    { path: "/var/run/netns", propagation: "HostToContainer" },
  ]),
  "Cilium's mount of bpffs": agent("quay.io/cilium/cilium:v1.17.4", shared("/sys/fs/bpf"), {
    command: ["/bin/bash", "-c", "mount | grep '/sys/fs/bpf type bpf' || mount -t bpf bpf /sys/fs/bpf"],
  }),
  "Multus's daemon": agent("ghcr.io/k8snetworkplumbingwg/multus-cni:snapshot-thick", [
    ...shared("/run/netns", "/var/run/netns"),
    { path: "/var/lib/kubelet", propagation: "HostToContainer" },
    { path: "/", propagation: "HostToContainer" },
    ...plain("/etc/cni/net.d", "/run/k8s.cni.cncf.io"),
  ]),
  "Longhorn's manager": agent("docker.io/longhornio/longhorn-manager:v1.9.0", [
    ...shared("/var/lib/longhorn/"),
    ...plain("/dev", "/proc", "/etc", "/boot"),
  ]),
  "Longhorn's storage driver": agent("docker.io/longhornio/longhorn-manager:v1.9.0", [
    ...shared("/var/lib/kubelet/plugins/kubernetes.io/csi", "/var/lib/kubelet/pods"),
    ...plain("/dev", "/sys", "/lib/modules", "/"),
  ]),
  "NVIDIA's driver": agent("nvcr.io/nvidia/driver:570.148.08", [
    ...shared("/run/nvidia"),
    { path: "/run/mellanox/drivers", propagation: "HostToContainer" },
    ...plain("/var/log", "/dev/log", "/sys/module/firmware_class/parameters/path"),
  ]),
  "NVIDIA's sharing daemon": agent("nvcr.io/nvidia/k8s-device-plugin:v0.17.2", shared("/run/nvidia/mps")),
  "Rook's storage driver": agent("quay.io/cephcsi/cephcsi:v3.14.0", [
    ...shared("/var/lib/kubelet/plugins", "/var/lib/kubelet/pods"),
    ...plain("/dev", "/sys", "/run/mount"),
  ]),
  "a storage driver with the whole of the kubelet's directory": agent(
    "registry.k8s.io/provider-aws/aws-ebs-csi-driver:v1.44.0",
    [...shared("/var/lib/kubelet/"), ...plain("/var/lib/kubelet/plugins/ebs.csi.aws.com", "/dev")],
  ),
  "a storage driver of k0s": agent(
    "quay.io/piraeusdatastore/piraeus-csi:v1.8.0",
    shared("/var/lib/k0s/kubelet", "/var/lib/k0s/kubelet/pods"),
  ),
  "a storage driver of MicroK8s": agent(
    "registry.k8s.io/sig-storage/nfsplugin:v4.11.0",
    shared("/var/snap/microk8s/common/var/lib/kubelet/pods"),
  ),
  "a storage driver for FUSE": agent(
    "gcr.io/example/gcsfuse-csi-driver:v1",
    shared("/var/lib/kubelet/pods", "/var/lib/kubelet/plugins/"),
  ),
  "an agent with hooks and probes": agent(image, shared("/var/lib/longhorn"), {
    env: [{ name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    lifecycle: { preStop: { exec: { command: ["sh", "-c", "rm -f /var/lib/longhorn/lock"] } } },
    livenessProbe: { exec: { command: ["true"] } },
    readinessProbe: { httpGet: { port: 80 } },
  }),
  "an agent beside another container": beside("docker.io/library/busybox:1.37"),
  "a node exporter": agent("quay.io/prometheus/node-exporter:v1.9.1", [
    { path: "/", propagation: "HostToContainer" },
  ]),
};

/** Mounts that propagate in directories of no infrastructure. */
const elsewhere: Readonly<Record<string, unknown>> = {
  "the whole of the kubelet's directory, with a FUSE program": agent(image, shared("/var/lib/kubelet"), {
    args: ["-c", "curlftpfs ftp://example.com /var/lib/kubelet/x"],
  }),
  "the parent of the kubelet's directory": agent(image, shared("/var/lib")),
  "another parent of the kubelet's directory": agent(image, shared("/var/snap/microk8s/common")),
  "a directory of k0s": agent(image, shared("/var/lib/k0s/media")),
  "another directory of the kubelet": agent(image, shared("/var/lib/kubelet/media")),
  "a directory like the kubelet's": agent(image, shared("/var/lib/kubelet/pods2")),
  "a directory like a network's": agent(image, shared("/var/run/netns2")),
  "the parent of a network's directory": agent(image, shared("/run")),
  "the node's root": agent(image, shared("/")),
  "the node's /tmp": agent(image, shared("/tmp")),
  "the node's media": agent(image, shared("/srv/media")),
  "a directory for containers in another place": agent(image, shared("/mnt/var/lib/kubelet/pods")),
  "a network's directory, by rclone": agent("docker.io/rclone/rclone:1.71.2", shared("/run/netns")),
  "a driver's directory, with a FUSE program": agent(image, shared("/run/nvidia"), {
    command: ["sshfs", "a:/", "/run/nvidia/x"],
  }),
  "a storage's directory, with a FUSE program in a script": agent(image, shared("/var/lib/longhorn"), {
    args: ["-c", "squashfuse image /var/lib/longhorn/x"],
  }),
  "a storage's directory, with an image of a FUSE program": agent(
    "ghcr.io/example/s3fs:1",
    shared("/var/lib/longhorn"),
  ),
  ...Object.fromEntries(
    Object.entries({
      "after its start": { lifecycle: { postStart: { exec: { command: ["sshfs", "a:/", "/m"] } } } },
      "before its end": { lifecycle: { preStop: { exec: { command: ["sh", "-c", "fusermount3 -u /m"] } } } },
      "as a startup probe": { startupProbe: { exec: { command: ["sh", "-c", "rclone mount a: /m &"] } } },
      "as a liveness probe": { livenessProbe: { exec: { command: ["mergerfs", "/a", "/m"] } } },
      "as a readiness probe": { readinessProbe: { exec: { command: ["s3fs", "a", "/m"] } } },
      "by a variable": {
        command: ["sh", "-c", "$RUN"],
        env: [{ name: "RUN", value: "goofys a /m" }],
      },
    }).map(([how, more]) => [
      `a storage's directory, with a FUSE program ${how}`,
      agent(image, shared("/var/lib/longhorn"), more),
    ]),
  ),
  "a storage's directory, with a FUSE program in another container": beside("docker.io/rclone/rclone:1.71.2"),
  "the kubelet's directory for pods, by rclone": agent(rclone.image, shared("/var/lib/kubelet/pods")),
  "an empty directory": {
    ...agent(image, shared("/x")),
    volumes: [{ name: "v0", emptyDir: {} }],
  },
  "a volume that is not there": { ...agent(image, shared("/run/netns")), volumes: [] },
};

const anotherKind = carriers.filter(({ type }) =>
  /DaemonSet|Deployment|StatefulSet|ControllerRevision/.test(type),
);

/** Mounts that only the infrastructure of nodes may propagate. */
export const infrastructure: readonly Case[] = [
  ...Object.entries(agents).flatMap(([what, spec]) => [
    other(what, POD, ordinary(spec as Record<string, unknown>), bothAllow),
    ...anotherKind.map(({ type, wrap }) =>
      other(`${what} in a ${type}`, type, wrap(spec, "default"), bothAllow),
    ),
  ]),
  ...Object.entries(elsewhere).flatMap(([what, spec]) => [
    other(`${what} shared by a pod`, POD, ordinary(spec as Record<string, unknown>), {}),
    ...anotherKind
      .slice(0, 1)
      .map(({ type, wrap }) => other(`${what} shared by a ${type}`, type, wrap(spec, "default"), {})),
  ]),
];
