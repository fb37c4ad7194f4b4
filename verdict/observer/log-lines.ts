import type { LogLine } from "../pod-log";

/** More of a pod's log is not read: a pod can print anything. */
export const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Splits a log that was asked for with timestamps: each line starts with an RFC 3339 time.
 * A last line without its end is left out unless the log has ended.
 */
export function logLines(text: string, ended: boolean): LogLine[] {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  if (ended && rest !== "") lines.push(rest);
  return lines.flatMap((line) => {
    const space = line.indexOf(" ");
    const time = Date.parse(line.slice(0, space));
    return space < 0 || Number.isNaN(time) ? [] : [{ time, text: line.slice(space + 1) }];
  });
}
