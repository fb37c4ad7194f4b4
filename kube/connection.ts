import { statSync } from "node:fs";
import { isIPv6 } from "node:net";
import {
  authorityOf,
  credentialsOf,
  fileText,
  type Impersonation,
  impersonationOf,
  ownProxy,
  problem,
  quoted,
  serverUrl,
  type UserCredentials,
  withoutSlash,
} from "./entries";
import { type Access, type Environment, loadKubeconfig, type Loaded } from "./files";
import { KubeconfigError } from "./parse";
import { environmentProxy } from "./proxy";

/** Names of a cluster, for messages. */
export interface ClusterNames {
  /** The kubeconfig's names; empty inside a pod. */
  readonly context: string;
  readonly cluster: string;
  /** URL of the API server, without a trailing slash. */
  readonly server: string;
}

/** Everything that a request to an API server needs. */
export interface Connection extends ClusterNames {
  readonly user: string;
  readonly namespace: string;
  /**
   * PEM of the authorities that may have signed the API server's certificate; undefined means the machine's
   * authorities.
   */
  readonly authority: string | undefined;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  /** The kubeconfig's proxy, or the environment's. */
  readonly proxy: string | undefined;
  /** The kubeconfig's proxy only, which is passed to credential plugins. */
  readonly ownProxy: string | undefined;
  readonly disableCompression: boolean;
  /** The cluster's configuration for credential plugins. */
  readonly pluginConfig: unknown;
  readonly credentials: UserCredentials;
  readonly impersonation: Impersonation | undefined;
}

/** Folder of a pod's service account. */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Extension of a cluster that is passed to credential plugins (client-go, `clientcmd.clusterExtensionKey`).
 */
const PLUGIN_EXTENSION = "client.authentication.k8s.io/exec";

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * Returns the connection by the service account of the pod that this runs in; undefined outside of a pod
 * (client-go, `rest.InClusterConfig`).
 */
function inCluster(environment: Environment, folder: string): Connection | undefined {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = environment;
  const tokenFile = `${folder}/token`;
  if (host === "" || port === "" || !isFile(tokenFile)) return undefined;
  const server = new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`);
  const place = { file: folder, entry: "service account" };
  const optional = (name: string): string =>
    isFile(`${folder}/${name}`) ? fileText(`${folder}/${name}`, place, name) : "";
  const namespace = (environment.POD_NAMESPACE ?? "") || optional("namespace").trim() || "default";
  return {
    ...{ context: "", cluster: "", user: "", namespace },
    server: withoutSlash(server),
    authority: optional("ca.crt") || undefined,
    insecure: false,
    serverName: undefined,
    proxy: environmentProxy(server, environment),
    ownProxy: undefined,
    disableCompression: false,
    pluginConfig: undefined,
    credentials: { tokenFile },
    impersonation: undefined,
  };
}

/** Lists the names that exist, for an error message. */
function namesOf(map: ReadonlyMap<string, unknown>): string {
  return map.size === 0 ? "it has none" : `expected one of ${[...map.keys()].map(quoted).join(", ")}`;
}

/** Returns the entries of a context and of its cluster; undefined if neither is given. */
export function selectCluster({ config, called }: Loaded, wanted: string | undefined) {
  const name = wanted ?? config.currentContext ?? "";
  const context = config.contexts.get(name);
  if (context === undefined && name !== "")
    throw new KubeconfigError(called, `it has no context ${quoted(name)}: ${namesOf(config.contexts)}`);
  const { cluster: clusterName = "", user: userName = "", namespace = "default" } = context?.fields ?? {};
  const cluster = config.clusters.get(clusterName);
  if (cluster === undefined && context === undefined) return undefined;
  const here = { file: context?.file ?? called, entry: `context ${quoted(name)}` };
  if (cluster === undefined)
    throw problem(here, `its cluster ${quoted(clusterName)} is not there: ${namesOf(config.clusters)}`);
  const place = { file: cluster.file, entry: `cluster ${quoted(clusterName)}` };
  if (cluster.fields.server === undefined) throw problem(place, "server is missing");
  const url = serverUrl(cluster.fields.server, place);
  const names = { context: name, cluster: clusterName, user: userName, namespace, server: withoutSlash(url) };
  return { names, url, here, place, fields: cluster.fields };
}

/** Returns the connection of a context; undefined if the kubeconfig names neither a context nor a cluster. */
function select(
  loaded: Loaded,
  wanted: string | undefined,
  environment: Environment,
): Connection | undefined {
  const selected = selectCluster(loaded, wanted);
  if (selected === undefined) return undefined;
  const { names, url, here, place, fields } = selected;
  const own = ownProxy(fields, place);
  const connection = {
    ...names,
    authority: authorityOf(fields, url, place),
    insecure: fields["insecure-skip-tls-verify"],
    serverName: fields["tls-server-name"],
    proxy: own ?? environmentProxy(url, environment),
    ownProxy: own,
    disableCompression: fields["disable-compression"],
    pluginConfig: fields.extensions.find(({ name }) => name === PLUGIN_EXTENSION)?.extension,
  };
  const { users } = loaded.config;
  const user = users.get(names.user);
  const who = user === undefined ? here : { file: user.file, entry: `user ${quoted(names.user)}` };
  const credentials = user === undefined ? {} : credentialsOf(user.fields, who);
  const impersonation = user === undefined ? undefined : impersonationOf(user.fields, who);
  // Credentials are used with TLS only (client-go, `DirectClientConfig.ClientConfig`).
  if (url.protocol === "http:") return { ...connection, credentials: {}, impersonation };
  if (!isIdentity(credentials))
    throw problem(
      who,
      user === undefined
        ? `its user ${quoted(names.user)} is not there: ${namesOf(users)}`
        : "it has no credentials",
    );
  return { ...connection, credentials, impersonation };
}

/**
 * Returns true if the credentials identify a user; without them kubectl and the provider would prompt
 * (client-go, `canIdentifyUser`).
 */
function isIdentity({ certificate, token, tokenFile, basic, exec, authProvider }: UserCredentials): boolean {
  return (
    (certificate ?? token ?? tokenFile ?? exec ?? authProvider) !== undefined ||
    (basic !== undefined && basic.username !== "")
  );
}

export interface ConnectionOptions extends Access {
  readonly environment?: Environment;
  /** Folder of a pod's service account. */
  readonly serviceAccount?: string;
}

/**
 * Determines how to connect to the selected cluster, by client-go's rules, so that this project's commands,
 * kubectl and Pulumi's provider use the same one. No request is sent and no plugin is run.
 * @throws KubeconfigError in one line that names the file and the entry, and quotes no credential
 */
export function findConnection(options: ConnectionOptions): Connection {
  const { context, environment = process.env, serviceAccount = SERVICE_ACCOUNT } = options;
  const loaded = loadKubeconfig(options, environment);
  const found = select(loaded, context === "" ? undefined : context, environment);
  if (found !== undefined) return found;
  const pod = loaded.explicit ? undefined : inCluster(environment, serviceAccount);
  if (pod !== undefined) return pod;
  throw new KubeconfigError(
    loaded.called,
    "it names no cluster: set current-context there, or name a context with fuse-test:context or --context",
  );
}

/** Returns the names of a connection, without the password that a URL may contain. */
export function namesOfConnection({ context, cluster, server }: ClusterNames): ClusterNames {
  return { context, cluster, server: server.replace(/(?<=^https?:\/\/)[^/]*@/u, "") };
}

/**
 * Returns the names of the selected cluster, even if its user is unusable; undefined if the kubeconfig does
 * not determine the cluster.
 */
export function findNames(options: ConnectionOptions): ClusterNames | undefined {
  const { context, environment = process.env } = options;
  try {
    const found = selectCluster(loadKubeconfig(options, environment), context === "" ? undefined : context);
    return found && namesOfConnection(found.names);
  } catch (error) {
    if (error instanceof KubeconfigError) return undefined;
    throw error;
  }
}
