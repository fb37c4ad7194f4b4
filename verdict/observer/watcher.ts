import { setTimeout as sleep } from "node:timers/promises";
import { AnswerError, type Ask, getObject, openStream, parseObject, readPieces } from "../../kube/http";
import { itemsOf, fieldsOf } from "../../kube/values";

/** Least time from one list or watch to the next, in milliseconds. */
const RETRY_MILLISECONDS = 200;

/** Time limit of a list, in milliseconds; after it the list is requested again. */
const LIST_MILLISECONDS = 5000;

/**
 * Time after which the server ends a watch, in seconds. A gateway that buffers answers delivers a watch when it ends.
 */
const WATCH_SECONDS = 5;

/**
 * Time limit of a watch, in milliseconds; after it the objects are listed again. A connection that was lost without a
 * word, or a gateway that holds watches back, would otherwise look like a cluster in which nothing happens.
 */
const WATCH_MILLISECONDS = 10_000;

/** Callbacks for the objects of one kind. */
export interface Watched {
  /** Kind of the list, such as PodList. */
  readonly kind: string;
  /** Called with all existing objects. */
  readonly onList: (objects: readonly unknown[]) => void;
  readonly onObject: (object: unknown, gone: boolean) => void;
  /** Called whenever the API has answered. */
  readonly onRead: () => void;
  readonly onFailure: (error: unknown) => void;
}

function versionOf(object: unknown): string {
  const { resourceVersion } = fieldsOf(fieldsOf(object).metadata);
  return typeof resourceVersion === "string" ? resourceVersion : "";
}

/**
 * Processes one line of a watch.
 * @throws AnswerError for a line that is not an event, or for the server's own error.
 */
function takeLine(line: string, { onObject, onRead }: Watched): string {
  const event = parseObject(line);
  const known = ["ADDED", "MODIFIED", "DELETED", "BOOKMARK"];
  if (event === undefined || !known.includes(String(event.type))) {
    const status = fieldsOf(event?.object);
    throw new AnswerError(
      typeof status.code === "number" ? status.code : 200,
      event === undefined ? line : JSON.stringify(event.object ?? event),
    );
  }
  onRead();
  if (event.type !== "BOOKMARK") onObject(event.object, event.type === "DELETED");
  return versionOf(event.object);
}

/**
 * Watches objects until the server ends the watch.
 * @throws Error if that takes longer than the limit.
 */
async function watchFrom(ask: Ask, watched: Watched, from: string, limit: number): Promise<string> {
  const query = {
    ...ask.query,
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: from,
    timeoutSeconds: String(WATCH_SECONDS),
  };
  const late = AbortSignal.timeout(limit);
  let version = from;
  let rest = "";
  const decoder = new TextDecoder();
  try {
    const stream = await openStream({ ...ask, query, signal: AbortSignal.any([ask.signal, late]) });
    watched.onRead();
    await readPieces(stream, (piece) => {
      const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") version = takeLine(line, watched) || version;
    });
    // Every event ends its line. Something else may not.
    if (rest.trim() !== "") version = takeLine(rest, watched) || version;
  } catch (error) {
    if (late.aborted) throw new Error(`the watch did not end within ${limit} ms`, { cause: error });
    throw error;
  }
  return version;
}

/**
 * Lists and watches objects until the signal is aborted; after a failure, which is reported, all are listed
 * again.
 * @param limit time limit of one watch, in milliseconds.
 */
export async function watchObjects(
  ask: Ask,
  watched: Watched,
  limit: number = WATCH_MILLISECONDS,
): Promise<void> {
  const { signal } = ask;
  const isOver = (): boolean => signal.aborted;
  let version = "";
  while (!isOver()) {
    const next = Date.now() + RETRY_MILLISECONDS;
    try {
      if (version === "") {
        const { data } = await getObject(ask, watched.kind, LIST_MILLISECONDS);
        watched.onList(itemsOf(data.items));
        watched.onRead();
        version = versionOf(data);
      }
      version = await watchFrom(ask, watched, version, limit);
    } catch (error) {
      version = "";
      if (!isOver() && !(error instanceof AnswerError && error.status === 410)) watched.onFailure(error);
    }
    await sleep(Math.max(0, next - Date.now()), undefined, { signal }).catch(() => undefined);
  }
}
