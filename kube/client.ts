import { ApiException, CoreV1Api } from "@kubernetes/client-node";
import { type ClusterConfig, clusterConfig } from "./cluster-config";
import type { Access } from "./files";
import { KubeconfigError } from "./parse";
import { apiReasons, type Message } from "./message";
import { fieldsOf } from "./values";
import { hideSecrets } from "./secrets";
import { AnswerError, parseObject } from "./http";

/** Client for one cluster. */
export interface Client {
  readonly config: ClusterConfig;
  readonly core: CoreV1Api;
}

/**
 * Creates a client from a kubeconfig, or from the default locations if none is named.
 * @throws Error in one line if the kubeconfig cannot be read, is invalid, or has no such context.
 */
export function connect({ kubeconfig, context }: Access): Client {
  try {
    const config = clusterConfig({ kubeconfig, context });
    return { config, core: config.makeApiClient(CoreV1Api) };
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw new Error(
      `the kubeconfig ${error.file} cannot be used: ${hideSecrets(error.problem)}. ` +
        "Check it: kubectl config view --minify",
    );
  }
}

/**
 * Obtains the credentials that every call needs, which can take a plugin a long time.
 * @throws Error in one line with the plugin's own message
 */
export async function obtainCredentials({ config }: Client): Promise<void> {
  try {
    await config.authenticate();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(`the kubeconfig's credentials could not be obtained: ${hideSecrets(words)}`);
  }
}

/** Returns the Status object (k8s.io/apimachinery, meta/v1) in a body; undefined for anything else. */
function statusOf(body: unknown): { readonly message: string } | undefined {
  const status = fieldsOf(typeof body === "string" ? parseObject(body) : body);
  if (status.kind !== "Status") return undefined;
  return { message: typeof status.message === "string" ? status.message : "" };
}

/** Length to which a foreign answer is cut, in characters: enough for a person to recognise it. */
const FIRST_CHARACTERS = 200;

/** Returns the beginning of an answer that has no form of the API's. */
function firstWords(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const words = text
    .replace(/<(?:style|script)[\s\S]*?<\/(?:style|script)>|<[^>]*>/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
  return words === "" ? "an empty body" : words.slice(0, FIRST_CHARACTERS);
}

/** Describes a thrown value that is not an Error. */
function wordsOf(thrown: unknown): string {
  return typeof thrown === "string" && thrown !== "" ? thrown : "it failed without a word";
}

function answerMessage(about: string, code: number, body: unknown): Message {
  const status = statusOf(body);
  if (status !== undefined && code >= 400)
    return { source: "api", about, reason: String(code), text: status.message || `HTTP ${code}` };
  const text = `HTTP ${code} from a server that is not a Kubernetes API server: ${firstWords(body)}`;
  return { source: "api", about, reason: apiReasons.foreign, text };
}

/**
 * Describes the error of an API call as a message. Its reason is the HTTP status, or that of the connection.
 */
export function apiMessage(error: unknown, about: string): Message {
  if (error instanceof AnswerError) return answerMessage(about, error.status, error.body);
  // The client omits the body of some answers. Only its own message is available then.
  if (error instanceof ApiException && error.body !== undefined)
    return answerMessage(about, error.code, error.body);
  if (error instanceof ApiException) {
    const text = /^Message: (.+)$/m.exec(error.message)?.[1] ?? `HTTP ${error.code}`;
    return { source: "api", about, reason: String(error.code), text };
  }
  const failure = (error ?? {}) as { code?: unknown; statusCode?: unknown; message?: unknown };
  const reason = failure.statusCode ?? failure.code;
  return {
    source: "api",
    about,
    reason: typeof reason === "string" || typeof reason === "number" ? String(reason) : "unreachable",
    text: typeof failure.message === "string" ? failure.message : wordsOf(error),
  };
}

/** Returns true if a pod was refused because its new namespace has no service account yet. */
export function lacksServiceAccount({ reason, text }: Pick<Message, "reason" | "text">): boolean {
  return reason === "403" && /error looking up service account .* not found/.test(text);
}

/** Returns true if an object was refused because its namespace does not exist. */
export function lacksNamespace(
  { reason, text }: Pick<Message, "reason" | "text">,
  namespace: string,
): boolean {
  return reason === "404" && text.includes(`namespaces "${namespace}" not found`);
}
