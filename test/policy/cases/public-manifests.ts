import { bothAllow, type Case } from "./case";
import { ordinary, POD } from "./fixtures";
import { mount, resource } from "./more-attacks";
import { other, rclone, seen, volume, withContainer } from "./other";

function values(what: string, more: object): Case {
  return other(
    `the values of ${what}`,
    "kubernetes:helm.sh/v3:Release",
    { chart: "x", name: "x", namespace: "x", values: more },
    { ...seen, organization: "allowed" },
  );
}

const left = { organization: "allowed" } as const;

/** Parts of public charts and manifests, rewritten, that name parts of a FUSE test and are none. */
export const publicManifests: readonly Case[] = [
  values("prometheus-node-exporter", {
    hostRootFsMount: { enabled: true, mountPropagation: "HostToContainer" },
    extraHostVolumeMounts: [{ name: "a", hostPath: "/var/lib", mountPropagation: "None" }],
  }),
  values("grafana", {
    extraVolumeMounts: [],
    persistence: { enabled: false, subPath: "" },
    securityContext: { runAsUser: 472 },
  }),
  values("loki", {
    loki: { storage: { type: "filesystem" } },
    write: { extraVolumes: [{ name: "d", hostPath: { path: "/data/loki" } }] },
  }),
  values("fluent-bit", {
    daemonSetVolumes: [
      { name: "l", hostPath: { path: "/var/log" } },
      { name: "c", hostPath: { path: "/var/lib/docker/containers" } },
    ],
  }),
  values("falco", {
    driver: { kind: "modern_ebpf" },
    mounts: { volumes: [{ name: "d", hostPath: { path: "/dev" } }] },
  }),
  values("cert-manager", {
    installCRDs: true,
    volumeMounts: [],
    securityContext: { capabilities: { drop: ["ALL"] } },
  }),
  values("ingress-nginx", {
    controller: {
      extraVolumes: [],
      image: { registry: "registry.k8s.io", image: "ingress-nginx/controller" },
      containerSecurityContext: { capabilities: { add: ["NET_BIND_SERVICE"] } },
    },
  }),
  values("nfs-subdir-external-provisioner", { nfs: { server: "10.0.0.1", path: "/exports/media" } }),
  values("local-path-provisioner", {
    nodePathMap: [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: ["/opt/local-path-provisioner"] }],
  }),
  values("jellyfin", { persistence: { media: { enabled: true, type: "hostPath", hostPath: "/mnt/media" } } }),
  values("plex", {
    extraVolumeMounts: [{ name: "m", mountPath: "/m", subPath: "media" }],
    extraVolumes: [{ name: "m", hostPath: { path: "/tank" } }],
  }),
  values("home-assistant", {
    hostNetwork: true,
    securityContext: { privileged: true },
    image: { repository: "ghcr.io/home-assistant/home-assistant" },
  }),
  values("nvidia-device-plugin", {
    securityContext: { capabilities: { add: ["SYS_ADMIN"] } },
    image: { repository: "nvcr.io/nvidia/k8s-device-plugin" },
    nvidiaDriverRoot: "/run/nvidia/driver",
  }),
  values("metallb", {
    speaker: { frr: { enabled: false }, securityContext: { capabilities: { add: ["NET_RAW"] } } },
  }),
  values("velero", { nodeAgent: { podVolumePath: "/var/lib/kubelet/pods", privileged: false } }),
  values("postgresql", {
    auth: { existingSecret: "x" },
    primary: { persistence: { mountPath: "/bitnami/postgresql", subPath: "pg" } },
  }),
  values("a backup by rclone without privilege", {
    image: rclone.image,
    args: ["sync", "/data", "remote:x"],
    securityContext: { runAsNonRoot: true },
  }),
  resource(
    "an Argo Workflow with an artifact",
    "argoproj.io/v1alpha1:Workflow",
    {
      spec: {
        templates: [
          {
            container: { image: "x", command: ["sh"] },
            outputs: { artifacts: [{ name: "a", path: "/tmp/out" }] },
          },
        ],
      },
    },
    left,
  ),
  resource(
    "a Tekton Task with a workspace",
    "tekton.dev/v1:Task",
    {
      spec: {
        workspaces: [{ name: "source", subPath: "x" }],
        steps: [{ name: "s", image: "alpine", script: "#!/bin/sh\ncat <<E > x\na: b\nE\n" }],
      },
    },
    left,
  ),
  resource(
    "a KubeVirt machine with a disk of the node",
    "kubevirt.io/v1:VirtualMachine",
    {
      spec: {
        template: {
          spec: {
            domain: { devices: { disks: [] } },
            volumes: [{ name: "d", hostDisk: { path: "/data/disk.img", type: "Disk" } }],
          },
        },
      },
    },
    left,
  ),
  resource(
    "a CephCluster",
    "ceph.rook.io/v1:CephCluster",
    { spec: { dataDirHostPath: "/var/lib/rook", storage: { useAllNodes: true } } },
    left,
  ),
  resource(
    "a Longhorn BackupTarget",
    "longhorn.io/v1beta2:BackupTarget",
    { spec: { backupTargetURL: "nfs://x:/y" } },
    left,
  ),
  resource(
    "a ClusterIssuer",
    "cert-manager.io/v1:ClusterIssuer",
    { spec: { acme: { server: "https://acme.example.com/directory" } } },
    left,
  ),
  resource(
    "a ServiceMonitor",
    "monitoring.coreos.com/v1:ServiceMonitor",
    { spec: { endpoints: [{ port: "metrics", relabelings: [{ regex: "(.+)" }] }] } },
    left,
  ),
  resource(
    "a PrometheusRule about stale mounts",
    "monitoring.coreos.com/v1:PrometheusRule",
    {
      spec: {
        groups: [
          {
            name: "g",
            rules: [{ alert: "StaleMount", expr: 'node_filesystem_device_error{fstype=~"fuse.*"} > 0' }],
          },
        ],
      },
    },
    left,
  ),
  resource(
    "a constraint template of Gatekeeper",
    "templates.gatekeeper.sh/v1:ConstraintTemplate",
    {
      spec: {
        targets: [{ rego: 'violation[{"msg": m}] { input.mountPropagation == "Bidirectional"; m := "no" }' }],
      },
    },
    left,
  ),
  resource(
    "a HelmRelease of Flux",
    "helm.toolkit.fluxcd.io/v2:HelmRelease",
    { spec: { values: { mounts: [{ mountPropagation: "HostToContainer" }] } } },
    left,
  ),
  resource(
    "an ApplicationSet of Argo",
    "argoproj.io/v1alpha1:ApplicationSet",
    {
      spec: {
        template: {
          spec: { destination: { namespace: "{{.name}}", server: "https://kubernetes.default.svc" } },
        },
      },
    },
    left,
  ),
  resource(
    "a NetworkAttachmentDefinition",
    "k8s.cni.cncf.io/v1:NetworkAttachmentDefinition",
    { spec: { config: '{"cniVersion":"0.3.1","type":"macvlan","master":"eth0"}' } },
    left,
  ),
  resource(
    "a TracingPolicy of Tetragon about mounts",
    "cilium.io/v1alpha1:TracingPolicy",
    { spec: { kprobes: [{ call: "security_sb_mount", args: [{ index: 0, type: "string" }] }] } },
    left,
  ),
  resource(
    "a SecretProviderClass",
    "secrets-store.csi.x-k8s.io/v1:SecretProviderClass",
    {
      spec: { provider: "vault", parameters: { objects: "- objectName: a\n  secretPath: secret/data/a\n" } },
    },
    left,
  ),
  ...["/var/lib/docker", "/etc/localtime", "/run/udev", "/lib/modules", "/opt/cni/bin", "/dev/snd"].map(
    (path) =>
      other(
        `a pod with the directory ${path} of the node`,
        POD,
        ordinary({ ...withContainer(mount({ readOnly: true })), ...volume({ path }) }),
        bothAllow,
      ),
  ),
];
