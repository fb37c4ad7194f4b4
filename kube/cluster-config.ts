import type * as http from "node:http";
import type { RequestOptions } from "node:https";
import { KubeConfig, type RequestContext } from "@kubernetes/client-node";
import { agentOf, secureContextOf } from "./agent";
import { authenticate, type Authentication } from "./authenticate";
import { type Connection, type ConnectionOptions, findConnection } from "./connection";
import type { Environment } from "./files";

/** A header as it is sent; some may be sent more than once. */
type Header = readonly [name: string, value: string];

/**
 * Escapes a key for a header's name: characters that a header may not contain become %XX (client-go,
 * `headerKeyEscape`).
 */
function escapeKey(key: string): string {
  return Array.from(Buffer.from(key), (byte) => {
    const character = String.fromCharCode(byte);
    const legal = /^[!#$&'*+\-.^_`|~0-9A-Za-z]$/u.test(character);
    return legal ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** Returns the headers for impersonation. */
function impersonationHeaders({ impersonation }: Pick<Connection, "impersonation">): Header[] {
  if (impersonation === undefined) return [];
  const { user, uid, groups, extra } = impersonation;
  return [
    ["Impersonate-User", user],
    ...(uid === undefined ? [] : [["Impersonate-Uid", uid] as const]),
    ...groups.map((group) => ["Impersonate-Group", group] as const),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => [`Impersonate-Extra-${escapeKey(key)}`, value] as const),
    ),
  ];
}

/** Groups headers as Node.js expects them: those with the same name as a list. */
function byName(headers: readonly Header[]): Record<string, string | string[]> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of headers) lists.set(name, [...(lists.get(name) ?? []), value]);
  return Object.fromEntries(
    [...lists].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}

/** Undoes the escapes of a part of a URL, which is ASCII; they may stand for any bytes. */
function bytesOf(part: string): Buffer {
  const text = part.replace(/%([0-9A-F]{2})/giu, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(text, "latin1");
}

/**
 * Returns the value of the header `Authorization` for the user in a server's URL, who has precedence, as with Go's
 * HTTP client; undefined if there is none.
 */
function authorizationOf(server: string): string | undefined {
  const { username, password } = new URL(server);
  if (username === "" && password === "") return undefined;
  const parts = [bytesOf(username), Buffer.from(":"), bytesOf(password)];
  return `Basic ${Buffer.concat(parts).toString("base64")}`;
}

/** Name of every entry in the client's configuration, which has one cluster only. */
const NAME = "cluster";

/**
 * Configuration of the Kubernetes client, filled by this project's loader. The client's own loader merges
 * kubeconfigs by other rules than kubectl, drops parts of an impersonation and ignores the environment's
 * proxy.
 */
export class ClusterConfig extends KubeConfig {
  private authentication: Authentication | undefined;
  private getting: Promise<Authentication> | undefined;
  /** Kept for all requests with the same credentials, because it keeps connections. */
  private agent: { readonly of: Authentication; readonly agent: http.Agent } | undefined;

  constructor(
    readonly connection: Connection,
    private readonly environment: Environment = process.env,
  ) {
    super();
    this.loadFromOptions({
      clusters: [{ name: NAME, server: connection.server, skipTLSVerify: connection.insecure }],
      users: [{ name: NAME }],
      contexts: [{ name: NAME, cluster: NAME, user: NAME, namespace: connection.namespace }],
      currentContext: NAME,
    });
  }

  /**
   * Obtains the credentials if there are none or they have expired. A plugin is run once for all concurrent
   * callers.
   * @throws Error in one line
   */
  async authenticate(): Promise<Authentication> {
    if (this.authentication !== undefined && Date.now() < this.authentication.expires)
      return this.authentication;
    this.getting ??= authenticate(this.connection, this.authentication, this.environment).finally(() => {
      this.getting = undefined;
    });
    return (this.authentication = await this.getting);
  }

  private async prepare() {
    const authentication = await this.authenticate();
    const { server, disableCompression } = this.connection;
    if (this.agent?.of !== authentication) {
      const context = server.startsWith("https:")
        ? secureContextOf(this.connection, authentication, this.environment)
        : undefined;
      this.agent = { of: authentication, agent: agentOf(this.connection, context) };
    }
    const headers: Header[] = impersonationHeaders(this.connection);
    const authorization = authorizationOf(server) ?? authentication.authorization;
    if (authorization !== undefined) headers.push(["Authorization", authorization]);
    if (disableCompression) headers.push(["Accept-Encoding", "identity"]);
    return { headers, agent: this.agent.agent };
  }

  /** Called by the client for watches and logs. */
  override async applyToHTTPSOptions(options: RequestOptions): Promise<void> {
    const { headers, agent } = await this.prepare();
    options.headers = { ...(options.headers as Record<string, string>), ...byName(headers) };
    options.agent = agent;
  }

  /** Called by the client for everything else. */
  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    const { headers, agent } = await this.prepare();
    context.setAgent(agent);
    const others = context.getHeaders.bind(context);
    // The client's own headers have one value each, and its HTTP library takes a list of pairs as well.
    context.getHeaders = () =>
      [...Object.entries(others()), ...headers] as unknown as ReturnType<RequestContext["getHeaders"]>;
  }
}

/**
 * Creates the client's configuration for the selected cluster.
 * @throws KubeconfigError in one line that names the file and the entry
 */
export function clusterConfig(options: ConnectionOptions): ClusterConfig {
  return new ClusterConfig(findConnection(options), options.environment);
}
