import { createHash } from "node:crypto";
import { type ClusterNames, type ConnectionOptions, namesOfConnection, selectCluster } from "./connection";
import { authorityOf } from "./entries";
import { loadKubeconfig } from "./files";
import { KubeconfigError } from "./parse";

/** The cluster that a test is deployed on, as the state keeps it. A field that is not known is empty. */
export interface DeployedCluster extends ClusterNames {
  /** Path of the kubeconfig; empty for several files, and inside a pod. */
  readonly kubeconfig: string;
  /** SHA-256 of the authorities that may have signed the API server's certificate. */
  readonly authority: string;
}

/** Finds the cluster that a kubeconfig and a context mean. Sends nothing. */
export function findCluster(options: ConnectionOptions): DeployedCluster {
  const { kubeconfig = "", context = "", environment = process.env } = options;
  const unknown = { kubeconfig, context, cluster: "", server: "", authority: "" };
  try {
    const found = selectCluster(loadKubeconfig(options, environment), context === "" ? undefined : context);
    if (found === undefined) return unknown;
    const authority = authorityOf(found.fields, found.url, found.place) ?? "";
    const hash = authority === "" ? "" : createHash("sha256").update(authority).digest("hex");
    const { cluster, server, context: name } = namesOfConnection(found.names);
    return { kubeconfig, context: name, cluster, server, authority: hash };
  } catch (error) {
    if (error instanceof KubeconfigError) return unknown;
    throw error;
  }
}

/**
 * Returns true if two configurations mean one cluster, as far as they show it: their API servers are equal and, because
 * two tunnels can have one address, also their authorities. Under one name in one file the authority may differ: the
 * cluster may have been created again. Without a server the names decide.
 */
export function isSameCluster(one: DeployedCluster, other: DeployedCluster): boolean {
  const sameEntry = one.kubeconfig === other.kubeconfig && one.context === other.context;
  if (one.server === "" || other.server === "") return sameEntry;
  return one.server === other.server && (sameEntry || one.authority === other.authority);
}

/** Returns a cluster for a person, such as `"home" (context "home" of /root/.kube/config, https://10.0.0.1:6443)`. */
function describeCluster({ cluster, context, kubeconfig, server }: DeployedCluster): string {
  const file = kubeconfig === "" ? "the usual kubeconfig" : kubeconfig;
  const name = cluster === "" ? "no cluster that can be read" : JSON.stringify(cluster);
  return `${name} (${[`context ${JSON.stringify(context)} of ${file}`, server].filter((part) => part !== "").join(", ")})`;
}

/** Returns why a test cannot be updated on another cluster than it is deployed on, in one line; undefined if it can. */
export function clusterProblem(deployed: DeployedCluster, next: DeployedCluster): string | undefined {
  if (isSameCluster(deployed, next)) return undefined;
  return (
    `the test is deployed on the cluster ${describeCluster(deployed)}, but this configuration means ${describeCluster(next)}. ` +
    "Nothing was changed. Destroy the test first: npx pulumi destroy (it uses the cluster of the deployed test); " +
    "or set fuse-test:kubeconfig, fuse-test:context, fuse-test:cluster and KUBECONFIG back. If that cluster does not exist any more: npx pulumi stack rm --force"
  );
}
