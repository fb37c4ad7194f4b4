import type { LogLine } from "../../protocol/pod-log";

/** Size limit of a pod's log, in bytes; the rest is not read: a pod can print anything. */
export const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Parses one line of a log with timestamps: it starts with an RFC 3339 time. */
function logLine(line: string): LogLine | undefined {
  const space = line.indexOf(" ");
  const time = Date.parse(line.slice(0, space));
  return space < 0 || Number.isNaN(time) ? undefined : { time, text: line.slice(space + 1) };
}

/**
 * Splits a log into lines as it arrives. Every byte is processed once, however small the pieces are: a pod
 * that prints endlessly must not keep the verdict busy.
 */
export class LogLines {
  private found: LogLine[] = [];
  private rest: Buffer[] = [];
  private size = 0;

  /** The complete lines. */
  get lines(): readonly LogLine[] {
    return this.found;
  }

  /** Adds the next piece, up to the limit. */
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

  /** Makes a line of everything since the last line end. */
  end(): void {
    if (this.rest.length === 0) return;
    const line = logLine(Buffer.concat(this.rest).toString("utf8"));
    this.rest = [];
    if (line !== undefined) this.found.push(line);
  }
}
