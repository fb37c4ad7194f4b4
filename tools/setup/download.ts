import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EnvHttpProxyAgent, type Response, fetch } from "undici";
import { syncFile, unfinishedPath } from "./files";

/** Time that a download may take, in milliseconds. */
export interface Patience {
  /** Until the server has answered. */
  readonly answer: number;
  /** Without a byte. */
  readonly silence: number;
  /** In all. */
  readonly whole: number;
}

/** Short without internet access, long enough for 200 MB on a slow line. */
const PATIENCE: Patience = { answer: 4_000, silence: 15_000, whole: 20 * 60_000 };

/** Returns the error codes that caused an error of fetch, whose own message is only "fetch failed". */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (error.cause !== undefined) return reason(error.cause);
  return code ?? error.message;
}

/** Runs `use` on the answer to a request, and closes the connection after it, whatever happened. */
async function request<T>(
  url: string,
  patience: Patience,
  use: (answer: Response) => Promise<T>,
): Promise<T> {
  // Honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: patience.answer },
    headersTimeout: patience.answer,
    bodyTimeout: patience.silence,
  });
  const stop = new AbortController();
  const expire = (what: string) => (): void => {
    stop.abort(new Error(what));
  };
  const unanswered = setTimeout(expire(`no answer within ${patience.answer / 1000} s`), patience.answer);
  const unfinished = setTimeout(expire(`not done within ${patience.whole / 1000} s`), patience.whole);
  try {
    const answer = await fetch(url, { dispatcher, signal: stop.signal });
    clearTimeout(unanswered);
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return await use(answer);
  } catch (error) {
    throw new Error(`${url}: ${reason(stop.signal.reason ?? error)}`, { cause: error });
  } finally {
    clearTimeout(unanswered);
    clearTimeout(unfinished);
    await dispatcher.destroy();
  }
}

/**
 * Downloads a short text.
 * @throws Error in one line that names the address and what went wrong.
 */
export function downloadText(url: string, patience: Patience = PATIENCE): Promise<string> {
  return request(url, patience, (answer) => answer.text());
}

/**
 * Finds a file's SHA-256 in a published list: either lines of `HASH  NAME`, or one hash alone.
 * @throws Error in one line if the list does not name the file.
 */
export function findChecksum(list: string, name: string): string {
  for (const line of list.split("\n")) {
    const match = /^([0-9a-f]{64})(?:\s+\*?(\S+))?\s*$/i.exec(line);
    if (match?.[1] !== undefined && (match[2] ?? name) === name) return match[1].toLowerCase();
  }
  throw new Error(`the published checksums do not name ${name}`);
}

/**
 * Downloads a file whose SHA-256 is known; it appears whole or not at all.
 * @throws Error in one line that names the address and what went wrong.
 */
export async function downloadFile(options: {
  readonly url: string;
  readonly sha256: string;
  readonly file: string;
  readonly patience?: Patience;
}): Promise<void> {
  const { url, sha256, file, patience = PATIENCE } = options;
  const unfinished = unfinishedPath(file);
  const hash = createHash("sha256");
  try {
    await request(url, patience, async ({ body }) => {
      if (body === null) throw new Error("the answer is empty");
      await pipeline(
        Readable.fromWeb(body),
        async function* (chunks: AsyncIterable<Uint8Array>) {
          for await (const chunk of chunks) {
            hash.update(chunk);
            yield chunk;
          }
        },
        createWriteStream(unfinished),
      );
    });
    const actual = hash.digest("hex");
    if (actual !== sha256) {
      throw new Error(`${url}: the SHA-256 of ${basename(file)} is ${actual}, published is ${sha256}`);
    }
    syncFile(unfinished);
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}
