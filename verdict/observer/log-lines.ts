import type { LogLine } from "../../protocol/pod-log";

/** More of a pod's log is not read: a pod can print anything. */
export const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Reads one line of a log that was asked for with timestamps: it starts with an RFC 3339 time. */
function logLine(line: string): LogLine | undefined {
  const space = line.indexOf(" ");
  const time = Date.parse(line.slice(0, space));
  return space < 0 || Number.isNaN(time) ? undefined : { time, text: line.slice(space + 1) };
}

/**
 * Splits a log into lines while it comes. Every byte is looked at once, however small the pieces are: a pod that
 * prints without end must not keep the verdict busy.
 */
export class LogLines {
  private found: LogLine[] = [];
  private rest: Buffer[] = [];
  private size = 0;

  /** The lines that are whole. */
  get lines(): readonly LogLine[] {
    return this.found;
  }

  /** Takes the next piece, up to the limit. */
  add(piece: Buffer): void {
    const part = piece.subarray(0, LOG_LIMIT_BYTES - this.size);
    this.size += part.length;
    let from = 0;
    for (let end = part.indexOf(NEWLINE); end >= 0; end = part.indexOf(NEWLINE, from)) {
      if (end > from) this.rest.push(part.subarray(from, end));
      this.end();
      from = end + 1;
    }
    if (from < part.length) this.rest.push(part.subarray(from));
  }

  /** Takes what has come since the last end of a line for a line. */
  end(): void {
    if (this.rest.length === 0) return;
    const line = logLine(Buffer.concat(this.rest).toString("utf8"));
    this.rest = [];
    if (line !== undefined) this.found.push(line);
  }
}
