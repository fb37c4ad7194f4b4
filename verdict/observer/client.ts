import type { RequestOptions } from "node:https";
import { ApiException, CoreV1Api, KubeConfig, type User } from "@kubernetes/client-node";
import { z } from "zod";
import type { Message } from "../observation";
import { hideSecrets } from "../secrets";

/** How the verdict command reaches a cluster. */
export interface Client {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
}

/** Which cluster is meant; absent means the usual places and the current context. */
export interface Access {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** The first line: those after it may quote the file, which holds credentials. */
function firstLine(error: unknown): string {
  // The client reads fields of what it parsed before it looks whether there is anything.
  if (error instanceof TypeError) return "it is no kubeconfig";
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return hideSecrets(line);
}

function load({ kubeconfig, context }: Access): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) {
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(context))
      throw new Error(`it has no context ${context}: expected one of ${names.join(", ")}`);
    config.setCurrentContext(context);
  }
  if (config.getCurrentCluster() === null) throw new Error("its current context names no cluster in it");
  return config;
}

/**
 * Makes a client from a kubeconfig, or from the usual places where none is named.
 * @throws Error in one line if the kubeconfig cannot be read, is none, or has no such context.
 */
export function connect(access: Access): Client {
  try {
    const config = load(access);
    return { config, core: config.makeApiClient(CoreV1Api) };
  } catch (error) {
    throw new Error(
      `the kubeconfig ${access.kubeconfig ?? "of the usual places"} cannot be used: ${firstLine(error)}. ` +
        "Look at it: kubectl config view --minify",
    );
  }
}

/** The first words of a credential plugin that failed. What it answered instead is not quoted: it may be a token. */
function pluginWords(error: unknown): string {
  if (!(error instanceof Error) || error instanceof SyntaxError || error instanceof TypeError)
    return "its plugin answered with no credentials";
  const line = error.message.split("\n").find((text) => text.trim() !== "");
  return line === undefined ? "its plugin failed without a word" : hideSecrets(line.trim());
}

/** Where the client puts a plugin's answer: a token, or a certificate and its key in PEM. */
const answer = z.object({
  headers: z.object({ Authorization: z.string().optional() }).optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
});

/** A user with the credentials that a plugin gave. */
function userWith(name: string, options: RequestOptions): User {
  const { headers, cert, key } = answer.parse(options);
  const token = /^Bearer (.+)$/.exec(headers?.Authorization ?? "")?.[1];
  const data = (pem: string): string => Buffer.from(pem).toString("base64");
  return {
    name,
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined || key === undefined ? {} : { certData: data(cert), keyData: data(key) }),
  };
}

/**
 * Gets the credentials that every call needs where the kubeconfig has a plugin for that, and keeps them for the calls:
 * the client itself would run the plugin for each whose answer names no end.
 * @throws Error in one line with the plugin's own words
 */
export async function obtainCredentials({ config }: Client): Promise<void> {
  const user = config.getCurrentUser();
  if (user?.exec === undefined && user?.authProvider === undefined) return;
  const alone = new KubeConfig();
  alone.loadFromClusterAndUser({ name: "any", server: "https://localhost", skipTLSVerify: false }, user);
  const options: RequestOptions = {};
  try {
    await alone.applyToHTTPSOptions(options);
  } catch (error) {
    throw new Error(`the kubeconfig's credentials cannot be had: ${pluginWords(error)}`);
  }
  const obtained = userWith(user.name, options);
  config.users = config.users.map((other) => (other === user ? obtained : other));
}

function statusMessage(body: unknown): string | undefined {
  try {
    const status = (typeof body === "string" ? JSON.parse(body) : body) as { message?: unknown } | null;
    return typeof status?.message === "string" ? status.message : undefined;
  } catch {
    return undefined;
  }
}

/** What went wrong in a call of the API, as a message: the HTTP status as its reason, or that of the connection. */
export function apiMessage(error: unknown, about: string): Message {
  if (error instanceof ApiException) {
    // The client's own message holds the headers as well; its line "Message:" is the status text.
    const text =
      statusMessage(error.body) ?? /^Message: (.+)$/m.exec(error.message)?.[1] ?? `HTTP ${error.code}`;
    return { source: "api", about, reason: String(error.code), text };
  }
  const failure = (error ?? {}) as { code?: unknown; statusCode?: unknown; message?: unknown };
  const reason = failure.statusCode ?? failure.code;
  return {
    source: "api",
    about,
    reason: typeof reason === "string" || typeof reason === "number" ? String(reason) : "unreachable",
    text: typeof failure.message === "string" ? failure.message : String(error),
  };
}

/** True where a pod is refused because its namespace is so new that it has no service account yet. */
export function lacksServiceAccount({ reason, text }: Pick<Message, "reason" | "text">): boolean {
  return reason === "403" && /error looking up service account .* not found/.test(text);
}
