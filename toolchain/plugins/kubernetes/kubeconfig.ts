import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** How an exec credential plugin is run. Source: the `client.authentication.k8s.io/v1` API. */
const execSchema = z.object({
  apiVersion: z.string().default("client.authentication.k8s.io/v1"),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});

const clusterSchema = z.object({
  server: z.url(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": z.string().optional(),
  "proxy-url": z.string().optional(),
});

const userSchema = z.object({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  exec: execSchema.optional(),
  "auth-provider": z.unknown().optional(),
  as: z.string().optional(),
});

const contextSchema = z.object({
  cluster: z.string(),
  user: z.string().default(""),
  namespace: z.string().optional(),
});

const schema = z.object({
  "current-context": z.string().optional(),
  clusters: z.array(z.object({ name: z.string(), cluster: clusterSchema })).nullish(),
  users: z.array(z.object({ name: z.string(), user: userSchema.nullish() })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context: contextSchema })).nullish(),
});

type Kubeconfig = z.infer<typeof schema>;

/** How an exec credential plugin is run. */
export type ExecPlugin = z.infer<typeof execSchema>;

/** How to reach a cluster's API server. Certificates and keys are PEM. */
export interface Connection {
  readonly server: string;
  readonly authority: string | undefined;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly basic: string | undefined;
  readonly exec: ExecPlugin | undefined;
  /** The context's namespace, or `default`. */
  readonly namespace: string;
}

/** Which part of a kubeconfig to use. */
export interface Selection {
  /** A path, or a kubeconfig's contents; without it, `KUBECONFIG` or `~/.kube/config`. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
}

/** Text of a kubeconfig, and the folder that its relative paths begin at. */
interface Source {
  readonly text: string;
  readonly folder: string;
  readonly called: string;
}

function fileSource(path: string): Source {
  return { text: readFileSync(path, "utf8"), folder: dirname(path), called: path };
}

function expand(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}

function findSources(kubeconfig: string | undefined): Source[] {
  if (kubeconfig !== undefined && kubeconfig !== "") {
    const path = expand(kubeconfig);
    if (!kubeconfig.includes("\n") && existsSync(path)) return [fileSource(path)];
    return [{ text: kubeconfig, folder: process.cwd(), called: "the provider's kubeconfig" }];
  }
  const paths = (process.env.KUBECONFIG ?? join(homedir(), ".kube", "config")).split(delimiter);
  const found = paths.filter((path) => path !== "" && existsSync(path));
  if (found.length === 0) throw new Error(`no kubeconfig at ${paths.join(", ")}; set KUBECONFIG to yours`);
  return found.map(fileSource);
}

function parseSource({ text, called }: Source): Kubeconfig {
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    throw new Error(`${called} is neither a file nor YAML; correct it`);
  }
  if (typeof document === "string") {
    throw new Error(`${called}: expected a file or a kubeconfig's contents, found no such file`);
  }
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${called} is no kubeconfig: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`);
}

function named<Item extends { readonly name: string }>(
  items: readonly Item[] | null | undefined,
  name: string,
): Item | undefined {
  return items?.find((item) => item.name === name);
}

/** PEM from a kubeconfig, where it is either base64 or the path of a file. */
function pem(data: string | undefined, path: string | undefined, folder: string): string | undefined {
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  if (path === undefined) return undefined;
  return readFileSync(resolve(folder, path), "utf8");
}

/**
 * Finds out how to reach a cluster.
 * @throws Error in one line when there is no usable kubeconfig. It never holds a part of the kubeconfig's text.
 */
export function connectionOf({ kubeconfig, context: wanted, cluster: wantedCluster }: Selection): Connection {
  const sources = findSources(kubeconfig);
  const parsed = sources.map((source) => ({ ...parseSource(source), folder: source.folder }));
  const current = wanted ?? parsed.find((one) => one["current-context"])?.["current-context"];
  if (current === undefined)
    throw new Error("the kubeconfig has no current-context; set one, or the context");
  const find = <Item extends { readonly name: string }>(
    pick: (config: Kubeconfig) => readonly Item[] | null | undefined,
    name: string,
  ): (Item & { readonly folder: string }) | undefined => {
    for (const config of parsed) {
      const item = named(pick(config), name);
      if (item !== undefined) return { ...item, folder: config.folder };
    }
    return undefined;
  };
  const context = find((config) => config.contexts, current)?.context;
  if (context === undefined)
    throw new Error(`the kubeconfig has no context "${current}"; name one that it has`);
  const clusterName = wantedCluster ?? context.cluster;
  const cluster = find((config) => config.clusters, clusterName);
  if (cluster === undefined)
    throw new Error(`the kubeconfig has no cluster "${clusterName}"; name one that it has`);
  return connection(
    cluster,
    find((config) => config.users, context.user),
    context.namespace,
  );
}

function connection(
  { cluster, folder }: { readonly cluster: z.infer<typeof clusterSchema>; readonly folder: string },
  found:
    { readonly user?: z.infer<typeof userSchema> | null | undefined; readonly folder: string } | undefined,
  namespace = "default",
): Connection {
  const user: Partial<z.infer<typeof userSchema>> = found?.user ?? {};
  if (user["auth-provider"] !== undefined)
    throw new Error("auth-provider in a kubeconfig is not supported; use exec");
  if (user.as !== undefined) throw new Error("impersonation in a kubeconfig is not supported; remove `as`");
  if (cluster["proxy-url"] !== undefined)
    throw new Error("proxy-url in a kubeconfig is not supported; remove it");
  const userFolder = found?.folder ?? folder;
  return {
    server: cluster.server.replace(/\/+$/u, ""),
    authority: pem(cluster["certificate-authority-data"], cluster["certificate-authority"], folder),
    insecure: cluster["insecure-skip-tls-verify"] === true,
    serverName: cluster["tls-server-name"],
    certificate: pem(user["client-certificate-data"], user["client-certificate"], userFolder),
    key: pem(user["client-key-data"], user["client-key"], userFolder),
    token: user.token,
    tokenFile: user.tokenFile === undefined ? undefined : resolve(userFolder, user.tokenFile),
    basic: user.username === undefined ? undefined : `${user.username}:${user.password ?? ""}`,
    exec: user.exec,
    namespace,
  };
}
