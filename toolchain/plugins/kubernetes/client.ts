import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Properties } from "../rpc/values";
import { type Credentials, credentialsOf } from "./credentials";
import type { Connection } from "./kubeconfig";

/** A request to the API server. */
export interface ApiRequest {
  readonly method: "GET" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: Properties;
  readonly contentType?: string;
  /** Aborts the request. */
  readonly signal: AbortSignal;
}

/** An answer of the API server that is no success. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** HTTP's status. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** Thrown when there is no answer: no connection, or none that can be trusted. */
export class UnreachableError extends Error {}

/** Sends requests to one cluster. */
export type Client = (request: ApiRequest) => Promise<Properties>;

/** How long one request may take, in milliseconds. */
const REQUEST_TIMEOUT = 60_000;

/** How often a request is repeated that the API server is too busy for. */
const BUSY_REPEATS = 5;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: number;
}

function agentOf(connection: Connection, { certificate, key }: Credentials): http.Agent {
  if (connection.server.startsWith("http:")) return new http.Agent({ keepAlive: true });
  return new https.Agent({
    keepAlive: true,
    ca: connection.authority,
    cert: certificate,
    key,
    rejectUnauthorized: !connection.insecure,
    ...(connection.serverName === undefined ? {} : { servername: connection.serverName }),
  });
}

async function exchange(
  request: ApiRequest,
  {
    connection,
    agent,
    authorization,
  }: { connection: Connection; agent: http.Agent; authorization?: string | undefined },
): Promise<Answer> {
  const { method, path, body, contentType = "application/json", signal } = request;
  const send = connection.server.startsWith("http:") ? http.request : https.request;
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = send(
      `${connection.server}${path}`,
      {
        method,
        agent,
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT)]),
        headers: {
          Accept: "application/json",
          ...(authorization === undefined ? {} : { Authorization: authorization }),
          ...(text === undefined
            ? {}
            : { "Content-Type": contentType, "Content-Length": Buffer.byteLength(text) }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.once("error", reject);
        incoming.once("end", () => {
          resolve({
            status: incoming.statusCode ?? 0,
            text: Buffer.concat(chunks).toString("utf8"),
            retryAfter: Number(incoming.headers["retry-after"] ?? "1") || 1,
          });
        });
      },
    );
    outgoing.once("error", reject);
    outgoing.end(text);
  });
}

function objectIn({ status, text }: Answer): Properties {
  try {
    return JSON.parse(text) as Properties;
  } catch {
    throw new ApiError(
      `expected JSON from the API server, got ${JSON.stringify(text.slice(0, 200))}`,
      status,
    );
  }
}

function errorIn(answer: Answer): ApiError {
  const { status, text } = answer;
  try {
    const { message } = JSON.parse(text) as Properties;
    if (typeof message === "string") return new ApiError(message, status);
  } catch {
    // Not every server in the way speaks JSON.
  }
  return new ApiError(`the API server answered with HTTP status ${status}: ${text.slice(0, 200)}`, status);
}

const TOO_MANY_REQUESTS = 429;
const BAD_REQUEST = 400;

/** A client for a cluster. Nothing is sent before its first request. */
export function clientOf(connection: Connection): Client {
  let current: (Credentials & { readonly agent: http.Agent }) | undefined;
  const authenticated = async (): Promise<Credentials & { readonly agent: http.Agent }> => {
    if (current !== undefined && Date.now() < current.expires) return current;
    const credentials = await credentialsOf(connection);
    current = { ...credentials, agent: agentOf(connection, credentials) };
    return current;
  };
  return async (request) => {
    for (let attempt = 0; ; attempt++) {
      const { agent, authorization } = await authenticated();
      const answer = await reach(
        exchange(request, { connection, agent, authorization }),
        connection,
        request,
      );
      if (answer.status < BAD_REQUEST) return objectIn(answer);
      if (answer.status !== TOO_MANY_REQUESTS || attempt >= BUSY_REPEATS) throw errorIn(answer);
      await sleep(answer.retryAfter * 1000, undefined, { signal: request.signal });
    }
  };
}

async function reach(
  answer: Promise<Answer>,
  connection: Connection,
  { signal }: ApiRequest,
): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (signal.aborted) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    throw new UnreachableError(
      `configured Kubernetes cluster is unreachable: ${connection.server}: ${message || (code ?? "no answer")}; start it, or correct the kubeconfig`,
    );
  }
}
