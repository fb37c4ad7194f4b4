import { ApiException, CoreV1Api, KubeConfig } from "../../toolchain/kubernetes-client.cjs";
import type { Message } from "../observation";

/** How the verdict command reaches a cluster. */
export interface Client {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
}

/**
 * Makes a client from a kubeconfig, or from the usual places where none is named.
 * @throws Error in one line if the kubeconfig cannot be read or has no such context.
 */
export function connect(options: { kubeconfig?: string | undefined; context?: string | undefined }): Client {
  const config = new KubeConfig();
  if (options.kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(options.kubeconfig);
  if (options.context !== undefined) {
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(options.context)) {
      throw new Error(
        `the kubeconfig has no context ${options.context}: expected one of ${names.join(", ")}`,
      );
    }
    config.setCurrentContext(options.context);
  }
  return { config, core: config.makeApiClient(CoreV1Api) };
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
  const failure = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  const reason = failure.statusCode ?? failure.code;
  return {
    source: "api",
    about,
    reason: typeof reason === "string" || typeof reason === "number" ? String(reason) : "unreachable",
    text: typeof failure.message === "string" ? failure.message : String(error),
  };
}
