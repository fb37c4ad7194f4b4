import { ApiException, CoreV1Api } from "@kubernetes/client-node";
import { type ClusterConfig, clusterConfig } from "./cluster-config";
import type { Access } from "./files";
import { KubeconfigError } from "./parse";
import { apiReasons, type Message } from "./message";
import { fieldsOf } from "./values";
import { hideSecrets } from "./secrets";
import { AnswerError, parseObject } from "./http";

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
        "Check it: kubectl config view --minify",
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

/** The API's own answer in a body: a Status (k8s.io/apimachinery, meta/v1); undefined for anything else. */
function statusOf(body: unknown): { readonly message: string } | undefined {
  const status = fieldsOf(typeof body === "string" ? parseObject(body) : body);
  if (status.kind !== "Status") return undefined;
  return { message: typeof status.message === "string" ? status.message : "" };
}

/** As many words of a foreign answer as a person needs to know it again. */
const FIRST_CHARACTERS = 200;

/** The first words of an answer in no form of the API's. */
function firstWords(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const words = text
    .replace(/<(?:style|script)[\s\S]*?<\/(?:style|script)>|<[^>]*>/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
  return words === "" ? "nothing" : words.slice(0, FIRST_CHARACTERS);
}

/** Whatever was thrown, in words; not everything can be written. */
function wordsOf(thrown: unknown): string {
  return typeof thrown === "string" && thrown !== "" ? thrown : "it failed without a word";
}

function answerMessage(about: string, code: number, body: unknown): Message {
  const status = statusOf(body);
  if (status !== undefined && code !== 200)
    return { source: "api", about, reason: String(code), text: status.message || `HTTP ${code}` };
  const text = `HTTP ${code} from something that is no Kubernetes API server: ${firstWords(body)}`;
  return { source: "api", about, reason: apiReasons.foreign, text };
}

/** What went wrong in a call of the API, as a message: the HTTP status as its reason, or that of the connection. */
export function apiMessage(error: unknown, about: string): Message {
  if (error instanceof AnswerError) return answerMessage(about, error.status, error.body);
  // The client leaves out the body of some answers. Its own words are then all there is.
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

/** True where a pod is refused because its namespace is so new that it has no service account yet. */
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
