import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { flags } from "./control-plane";
import type { Daemon, DaemonOptions } from "./daemon";
import { makeFolder, writePrivate } from "./files";
import { PAUSE_IMAGE } from "./image/names";
import { inNode, kubeletFiles, type Layout } from "./layout";
import type { ClusterNetwork } from "./network";
import type { NodeName } from "./options";

export interface NodeOptions extends DaemonOptions {
  readonly node: NodeName;
}

/** The sysctl settings of the whole machine that kubelet requires, with their values (its `setupKernelTunables`). */
const SYSCTL = {
  "vm/overcommit_memory": 1,
  "vm/panic_on_oom": 0,
  "kernel/panic": 10,
  "kernel/panic_on_oops": 1,
  "kernel/keys/root_maxkeys": 1_000_000,
  "kernel/keys/root_maxbytes": 25_000_000,
} as const;

/** Folders in which distributions keep the reference network plugins. */
const NETWORK_PLUGINS = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];

/** Returns the container runtime and the kubelet of a node. */
export function nodeDaemons({ node, network }: NodeOptions): Daemon[] {
  return [
    {
      name: `containerd-${node}`,
      place: node,
      argv: ["containerd", ...flags({ config: `${inNode.settings}/containerd.toml` })],
    },
    {
      name: `kubelet-${node}`,
      place: node,
      argv: [
        `${inNode.binaries}/kubelet`,
        ...flags({
          config: `${inNode.settings}/kubelet.json`,
          kubeconfig: kubeletFiles.kubeconfig,
          "root-dir": "/var/lib/kubelet",
          "cert-dir": "/var/lib/kubelet/pki",
          "hostname-override": node,
          "node-ip": network.nodes[node],
          v: 1,
        }),
      ],
      // It ends at once if its runtime does not answer, as behind the socket that a killed one has left.
      needs: { daemon: `containerd-${node}`, socket: inNode.containerdSocket },
    },
  ];
}

/** Returns the cgroup of a node's pods. It is the node's own, or each kubelet would remove the other's pods. */
export function nodeCgroup(layout: Layout, node: NodeName): string {
  return `${layout.cgroup}/${node}`;
}

/** Makes a node's folders and writes the settings of its daemons. */
export function prepareNode(options: NodeOptions): void {
  const { layout, node, network } = options;
  const place = layout.node(node);
  for (const folder of [place.folder, place.settings]) makeFolder(folder, 0o700);
  for (const folder of [place.run, place.varLib, place.varLog, place.binaries]) makeFolder(folder, 0o755);
  makeFolder(place.tmp, 0o1777);
  for (const [name, value] of Object.entries(SYSCTL)) {
    const file = join(place.folder, "sysctl", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${value}\n`);
  }
  writePrivate(join(place.settings, "containerd.toml"), containerdSettings());
  writePrivate(join(place.settings, "kubelet.json"), kubeletSettings(layout, node, network));
  writePrivate(join(place.settings, "cni", "10-pods.conflist"), networkSettings(network.pods[node]));
}

function containerdSettings(): string {
  const plugins = NETWORK_PLUGINS.find((folder) => existsSync(join(folder, "ptp")));
  if (plugins === undefined) {
    throw new Error(
      `the network plugin "ptp" is in none of ${NETWORK_PLUGINS.join(", ")}; install containernetworking-plugins`,
    );
  }
  return `version = 2
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]
[grpc]
  address = "${inNode.containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${plugins}"
    conf_dir = "${inNode.settings}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`;
}

/** Returns the KubeletConfiguration (v1beta1), with the reasons for unusual values. */
function kubeletSettings(layout: Layout, node: NodeName, network: ClusterNetwork): string {
  const settings = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: network.nodes[node],
    healthzPort: 0,
    readOnlyPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: kubeletFiles.authority },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: kubeletFiles.certificate,
    tlsPrivateKeyFile: kubeletFiles.key,
    containerRuntimeEndpoint: `unix://${inNode.containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: nodeCgroup(layout, node),
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    makeIPTablesUtilChains: false,
    clusterDNS: [network.dnsService],
    clusterDomain: "cluster.local",
    resolvConf: "",
    volumePluginDir: "/var/lib/kubelet/volume-plugins",
    // The machine's disk and memory are not the cluster's own: what others use of them evicts no test.
    evictionHard: { "memory.available": "50Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    nodeStatusUpdateFrequency: "2s",
    nodeStatusReportFrequency: "30s",
    syncFrequency: "10s",
    fileCheckFrequency: "0s",
    httpCheckFrequency: "0s",
    registryPullQPS: 0,
    eventRecordQPS: 0,
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
    shutdownGracePeriod: "0s",
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** Returns the settings of the network plugin: each pod has an address; nothing is masqueraded or filtered. */
function networkSettings(subnet: string): string {
  const settings = {
    cniVersion: "1.0.0",
    name: "pods",
    plugins: [
      {
        type: "ptp",
        ipMasq: false,
        ipam: { type: "host-local", ranges: [[{ subnet }]], routes: [{ dst: "0.0.0.0/0" }] },
      },
    ],
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}
