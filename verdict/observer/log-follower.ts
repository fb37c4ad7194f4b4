import { Writable } from "node:stream";
import { Log } from "@kubernetes/client-node";
import type { LogLine } from "../pod-log";
import type { Client } from "./client";
import { LOG_LIMIT_BYTES, LogLines } from "./log-lines";

export interface FollowOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly signal: AbortSignal;
  /** Called with everything that was logged so far, whenever there is more. */
  readonly onLines: (lines: readonly LogLine[]) => void;
}

/** Collects the lines of what is written, up to the limit. */
class Collector extends Writable {
  readonly log = new LogLines();

  constructor(private readonly onData: () => void) {
    super();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.log.add(chunk);
    this.onData();
    done();
  }
}

async function readOnce(options: FollowOptions, follow: boolean): Promise<readonly LogLine[]> {
  const { client, namespace, pod, container, signal, onLines } = options;
  const collector = new Collector(() => {
    if (follow) onLines(collector.log.lines);
  });
  const closed = new Promise<void>((resolve) => {
    collector
      .once("finish", resolve)
      .once("close", resolve)
      .once("error", () => {
        resolve();
      });
  });
  const request = await new Log(client.config).log(namespace, pod, container, collector, {
    follow,
    timestamps: true,
    limitBytes: LOG_LIMIT_BYTES,
  });
  const stop = (): void => {
    request.abort();
    collector.destroy();
  };
  signal.addEventListener("abort", stop, { once: true });
  await closed;
  signal.removeEventListener("abort", stop);
  collector.log.end();
  return collector.log.lines;
}

/**
 * Follows a container's log until the stream closes, then reads it once more from its beginning.
 * A followed stream can close early and lose its end; the second reading cannot.
 * @returns every line. Rejects where the log cannot be read; the caller tries again.
 */
export async function followLog(options: FollowOptions): Promise<readonly LogLine[]> {
  await readOnce(options, true);
  return readOnce(options, false);
}
