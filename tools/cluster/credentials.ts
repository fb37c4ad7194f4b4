import { join } from "node:path";
import { writePrivate } from "./files";
import { kubeconfigText } from "./kubeconfig";
import type { Layout } from "./layout";
import type { ClusterNetwork } from "./network";
import { NODES, type NodeName } from "./options";
import { createAuthority, createTokenKeys, issue, issueInto, readPair, type KeyPair } from "./pki";
import { AUTHORITY, ETCD_AUTHORITY, SERVER } from "./validity";

/** Address that the API server is reached at, from the machine and from the nodes. */
function serverUrl(network: ClusterNetwork): string {
  return `https://${network.apiServer}:6443`;
}

/** Creates every key, certificate and kubeconfig of the cluster. */
export async function createCredentials(layout: Layout, network: ClusterNetwork): Promise<void> {
  const { pki } = layout;
  const [authority, etcdAuthority] = await Promise.all([
    createAuthority(pki, AUTHORITY),
    createAuthority(pki, ETCD_AUTHORITY),
    createTokenKeys(pki),
  ]);
  const connect = (name: string, client: KeyPair) =>
    kubeconfigText({ name, server: serverUrl(network), authority: authority.certificate, client });
  const component = async (name: string, user: string, groups: string[] = []) => {
    writePrivate(join(pki, `${name}.kubeconfig`), connect(name, await issue(authority, { user, groups })));
  };
  await Promise.all([
    issueInto(pki, "etcd", etcdAuthority, { user: "etcd", addresses: ["127.0.0.1", "localhost"] }),
    issueInto(pki, "apiserver-etcd-client", etcdAuthority, { user: "kube-apiserver" }),
    issueInto(pki, SERVER, authority, { user: "kube-apiserver", addresses: apiServerNames(network) }),
    issueInto(pki, "apiserver-kubelet-client", authority, {
      user: "kube-apiserver-kubelet-client",
      groups: ["fuse-test:kubelet-clients"],
    }),
    component("controller-manager", "system:kube-controller-manager"),
    component("scheduler", "system:kube-scheduler"),
    ...NODES.map((node) => nodeCredentials({ layout, node, network, authority, connect })),
  ]);
  const admin = await issue(authority, { user: "fuse-test-admin", groups: ["system:masters"] });
  writePrivate(layout.kubeconfig, connect(`fuse-test-${layout.name}`, admin));
}

function apiServerNames(network: ClusterNetwork): string[] {
  const names = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
  ];
  return [network.apiServer, network.apiService, ...names];
}

interface NodeCredentialOptions {
  readonly layout: Layout;
  readonly node: NodeName;
  readonly network: ClusterNetwork;
  readonly authority: KeyPair;
  readonly connect: (name: string, client: KeyPair) => string;
}

/** Makes a kubelet's credentials, with the user and group by which the Node authorizer recognises it. */
async function nodeCredentials({
  layout,
  node,
  network,
  authority,
  connect,
}: NodeCredentialOptions): Promise<void> {
  const { settings } = layout.node(node);
  const client = await issue(authority, { user: `system:node:${node}`, groups: ["system:nodes"] });
  await issueInto(settings, "kubelet", authority, { user: node, addresses: [network.nodes[node], node] });
  writePrivate(join(settings, "kubelet.kubeconfig"), connect(node, client));
  writePrivate(join(settings, "ca.crt"), authority.certificate);
}

export interface UserOptions {
  readonly layout: Layout;
  readonly network: ClusterNetwork;
  readonly user: string;
  readonly groups?: readonly string[];
  /** Validity from now on; negative for one that is expired already. */
  readonly validSeconds?: number;
}

/** Makes a kubeconfig for any user, whose rights are what RBAC grants. Returns its text. */
export async function userKubeconfig({ layout, network, ...request }: UserOptions): Promise<string> {
  const authority = readPair(layout.pki, AUTHORITY);
  const client = await issue(authority, request);
  const server = serverUrl(network);
  return kubeconfigText({ name: request.user, server, authority: authority.certificate, client });
}
