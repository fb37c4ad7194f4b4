import { type ClusterConfig, clusterConfig } from "../../kube/cluster-config";
import type { Access } from "../../kube/files";
import { KubeconfigError } from "../../kube/parse";
import { ApiException, CoreV1Api } from "@kubernetes/client-node";
import type { Message } from "../observation";
import { hideSecrets } from "../secrets";

/** How the verdict command reaches a cluster. */
export interface Client {
  readonly config: ClusterConfig;
  readonly core: CoreV1Api;
}

/**
 * Makes a client from a kubeconfig, or from the usual places where none is named.
 * @throws Error in one line if the kubeconfig cannot be read, is none, or has no such context.
 */
export function connect({ kubeconfig, context }: Access): Client {
  try {
    const config = clusterConfig({ kubeconfig, context });
    return { config, core: config.makeApiClient(CoreV1Api) };
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw new Error(
      `the kubeconfig ${error.file} cannot be used: ${hideSecrets(error.problem)}. ` +
        "Look at it: kubectl config view --minify",
    );
  }
}

/**
 * Gets the credentials that every call needs, which a plugin may take long for.
 * @throws Error in one line with the plugin's own words
 */
export async function obtainCredentials({ config }: Client): Promise<void> {
  try {
    await config.authenticate();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(`the kubeconfig's credentials cannot be had: ${hideSecrets(words)}`);
  }
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
