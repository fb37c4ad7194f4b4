import { setTimeout as sleep } from "node:timers/promises";
import { AnswerError, type Ask, getObject, openStream, parseObject, readPieces } from "../../kube/http";
import { itemsOf, fieldsOf } from "../../kube/values";

/** Pause before a list or watch is requested again, in milliseconds. */
const RETRY_MILLISECONDS = 200;

/** Time limit of a list, in milliseconds; after it the list is requested again. */
const LIST_MILLISECONDS = 5000;

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

async function watchFrom(ask: Ask, watched: Watched, from: string): Promise<string> {
  const query = { ...ask.query, watch: "true", allowWatchBookmarks: "true", resourceVersion: from };
  const stream = await openStream({ ...ask, query });
  watched.onRead();
  let version = from;
  let rest = "";
  const decoder = new TextDecoder();
  await readPieces(stream, (piece) => {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") version = takeLine(line, watched) || version;
  });
  // Every event ends its line. Something else may not.
  if (rest.trim() !== "") version = takeLine(rest, watched) || version;
  return version;
}

/**
 * Lists and watches objects until the signal is aborted; after a failure, which is reported, all are listed
 * again.
 */
export async function watchObjects(ask: Ask, watched: Watched): Promise<void> {
  const { signal } = ask;
  const isOver = (): boolean => signal.aborted;
  let version = "";
  while (!isOver()) {
    try {
      if (version === "") {
        const { data } = await getObject(ask, watched.kind, LIST_MILLISECONDS);
        watched.onList(itemsOf(data.items));
        watched.onRead();
        version = versionOf(data);
      }
      version = await watchFrom(ask, watched, version);
    } catch (error) {
      version = "";
      if (!isOver() && !(error instanceof AnswerError && error.status === 410)) watched.onFailure(error);
    }
    await sleep(RETRY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}
