import { AnswerError, type Ask, openStream, readPieces } from "../../kube/http";
import type { LogLine } from "../../protocol/pod-log";
import { LOG_LIMIT_BYTES, LogLines } from "./log-lines";

/** Time limit for a whole log, in milliseconds; after it the log is requested again. */
const WHOLE_MILLISECONDS = 10_000;

export interface FollowOptions extends Ask {
  readonly container: string;
  /** Called with all lines so far, whenever there are more. */
  readonly onLines: (lines: readonly LogLine[]) => void;
}

/**
 * Refuses text that is not a log, whose lines begin with a time.
 * @throws AnswerError for a page of a proxy, and for a kubelet's error message in place of a log.
 */
function refuseOtherWords(text: string): void {
  if (/^\d/.test(text)) return;
  if (text.startsWith("<")) throw new AnswerError(200, text);
  throw new AnswerError(500, JSON.stringify({ kind: "Status", message: text.trim() }));
}

async function read(options: FollowOptions, follow: boolean): Promise<readonly LogLine[]> {
  const log = new LogLines();
  const query = {
    container: options.container,
    timestamps: "true",
    limitBytes: String(LOG_LIMIT_BYTES),
    ...(follow ? { follow: "true" } : {}),
  };
  const stream = await openStream({ ...options, query });
  let first = true;
  await readPieces(stream, (piece) => {
    if (first) refuseOtherWords(piece.subarray(0, 1000).toString("utf8"));
    first = false;
    log.add(piece);
    if (follow) options.onLines(log.lines);
  });
  log.end();
  return log.lines;
}

/**
 * Follows a container's log until the stream closes, which can be too early. Rejects if it cannot be read.
 */
export async function followLog(options: FollowOptions): Promise<void> {
  await read(options, true);
}

/** Reads a container's log so far, from its beginning. Rejects if it cannot be read. */
export async function readLog(options: FollowOptions): Promise<readonly LogLine[]> {
  const late = AbortSignal.timeout(WHOLE_MILLISECONDS);
  try {
    return await read({ ...options, signal: AbortSignal.any([options.signal, late]) }, false);
  } catch (error) {
    if (late.aborted) throw new Error(`no answer within ${WHOLE_MILLISECONDS} ms (deadline exceeded)`);
    throw error;
  }
}
