import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { clusterFolder } from "./descriptor";
import { checkName, type NodeName } from "./options";

/**
 * Paths inside a node. /tmp, /run, /var/lib and /var/log of a node are its own folders,
 * bound over the machine's inside the node's mount namespace, so these paths are safe to use there.
 */
export const inNode = {
  binaries: "/var/lib/fuse-test/bin",
  settings: "/var/lib/fuse-test/settings",
  containerdSocket: "/run/containerd/containerd.sock",
} as const;

/** Path of a kubelet's credentials inside its node. */
export const kubeletFiles = {
  kubeconfig: `${inNode.settings}/kubelet.kubeconfig`,
  authority: `${inNode.settings}/ca.crt`,
  certificate: `${inNode.settings}/kubelet.crt`,
  key: `${inNode.settings}/kubelet.key`,
} as const;

/** A node's folders, seen from the machine. */
interface NodeLayout {
  readonly folder: string;
  readonly tmp: string;
  readonly run: string;
  readonly varLib: string;
  readonly varLog: string;
  readonly binaries: string;
  readonly settings: string;
}

/** Every path of one cluster, seen from the machine. */
export interface Layout {
  readonly name: string;
  readonly folder: string;
  /** Name of the network interface that the machine gets, at most 15 characters as the kernel demands. */
  readonly link: string;
  /** The cluster's cgroup, below the root of each hierarchy. */
  readonly cgroup: string;
  readonly settings: string;
  readonly descriptor: string;
  readonly kubeconfig: string;
  readonly logs: string;
  readonly pki: string;
  readonly etcd: string;
  readonly node: (node: NodeName) => NodeLayout;
}

/**
 * Returns the folders and files of the cluster `name`. What is not in its folder is named after the folder,
 * so that clusters of the same name and different state folders do not conflict.
 */
export function layoutOf(name: string): Layout {
  const folder = resolve(clusterFolder(checkName(name)));
  const key = createHash("sha256").update(folder).digest("hex").slice(0, 8);
  return {
    name,
    folder,
    link: `fuset-${key}`,
    cgroup: `/fuse-test-${name}-${key}`,
    settings: join(folder, "settings.json"),
    descriptor: join(folder, "cluster.json"),
    kubeconfig: join(folder, "kubeconfig"),
    logs: join(folder, "logs"),
    pki: join(folder, "pki"),
    etcd: join(folder, "etcd"),
    node: (node) => nodeLayout(join(folder, node)),
  };
}

function nodeLayout(folder: string): NodeLayout {
  const varLib = join(folder, "var-lib");
  return {
    folder,
    tmp: join(folder, "tmp"),
    run: join(folder, "run"),
    varLib,
    varLog: join(folder, "var-log"),
    binaries: join(varLib, "fuse-test", "bin"),
    settings: join(varLib, "fuse-test", "settings"),
  };
}
