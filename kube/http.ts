import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** Size limit of an error response, in bytes; the rest is not read. */
const LONGEST_REFUSAL = 64 * 1024;

/** Size limit of a list, in bytes: a server can send an endless response. */
const LONGEST_OBJECT = 64 * 1024 * 1024;

/** A response other than the requested one, with its body. */
export class AnswerError extends Error {
  constructor(
    /** The HTTP status. */
    readonly status: number,
    readonly body: string,
  ) {
    super(`HTTP ${status}`);
  }
}

/** A request to the API server. */
export interface Ask {
  readonly config: KubeConfig;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** An object to create; absent if the request reads. */
  readonly body?: object;
}

async function send({ config, path, query = {}, signal, body }: Ask): Promise<IncomingMessage> {
  const url = new URL((config.getCurrentCluster()?.server ?? "").replace(/\/+$/, "") + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const { headers, agent } = await config.applyToFetchOptions({});
  const request = url.protocol === "http:" ? plainRequest : tlsRequest;
  return new Promise((resolve, reject) => {
    const options = {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...Object.fromEntries((headers ?? []) as Iterable<[string, string]>),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      signal,
      ...(agent === undefined || typeof agent === "function" ? {} : { agent }),
    };
    const sent = request(url, options, resolve).on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function textOf(stream: IncomingMessage, limit: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece);
    size += piece.length;
    if (size > limit) break;
  }
  return Buffer.concat(pieces).toString("utf8");
}

/**
 * Opens a stream of the API. The client library's own log and watch drop the message of a refusal.
 * @throws AnswerError for any status but 200, or Error of the connection.
 */
export async function openStream(ask: Ask): Promise<IncomingMessage> {
  const stream = await send(ask);
  if (stream.statusCode === 200) return stream;
  throw new AnswerError(stream.statusCode ?? 0, await textOf(stream, LONGEST_REFUSAL));
}

/** An object or a list of the API, with the date of the response. */
export interface Got {
  readonly data: Readonly<Record<string, unknown>>;
  readonly date: string | undefined;
}

/**
 * Gets an object of the API.
 * @param milliseconds time limit of the call.
 * @throws AnswerError for a refusal and for anything that is not an object of the kind, or Error of the
 * connection.
 */
export async function getObject(ask: Ask, kind: string, milliseconds: number): Promise<Got> {
  const late = AbortSignal.timeout(milliseconds);
  try {
    const stream = await openStream({ ...ask, signal: AbortSignal.any([ask.signal, late]) });
    const body = await textOf(stream, LONGEST_OBJECT);
    const data = parseObject(body);
    if (data?.kind !== kind) throw new AnswerError(200, body);
    return { data, date: stream.headers.date };
  } catch (error) {
    if (late.aborted)
      throw new Error(`no answer within ${milliseconds} ms (deadline exceeded)`, { cause: error });
    throw error;
  }
}

/**
 * Creates an object of the API. The client library's own calls take any answer of a server for the object, and
 * drop the body of a 401.
 * @throws AnswerError for a refusal and for anything that is not an object of the kind, or Error of the
 * connection.
 */
export async function createObject(ask: Ask & { readonly body: object }, kind: string): Promise<Got["data"]> {
  const stream = await send(ask);
  const status = stream.statusCode ?? 0;
  const created = status === 200 || status === 201 || status === 202;
  const body = await textOf(stream, created ? LONGEST_OBJECT : LONGEST_REFUSAL);
  const data = parseObject(body);
  if (!created || data?.kind !== kind) throw new AnswerError(status, body);
  return data;
}

/** Parses an object; undefined for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a whole stream.
 * @throws Error if the connection is closed before the stream is complete.
 */
export async function readPieces(stream: IncomingMessage, onPiece: (piece: Buffer) => void): Promise<void> {
  for await (const piece of stream as AsyncIterable<Buffer>) onPiece(piece);
  if (!stream.complete) throw new Error("the connection was closed in the middle of the answer");
}
