/** Messages of glibc, musl and busybox, with the names of their errors. */
const words: readonly (readonly [RegExp, string])[] = [
  [/transport endpoint is not connected|socket not connected/i, "ENOTCONN"],
  [/software caused connection abort|connection aborted/i, "ECONNABORTED"],
  [/permission denied/i, "EACCES"],
  [/operation not permitted/i, "EPERM"],
  [/no such file/i, "ENOENT"],
  [/input\/output error|i\/o error/i, "EIO"],
  [/stale (?:nfs )?file handle/i, "ESTALE"],
  [/no answer within/i, "no answer"],
  [/still readable/i, "still readable"],
  [/cut off/i, "a read under way cut off"],
];

/**
 * Returns the name of the error in a program's message, such as ENOTCONN; the message itself if it is
 * unknown.
 */
export function errnoOf(text: string): string {
  return words.find(([pattern]) => pattern.test(text))?.[1] ?? text.slice(0, 80);
}

/** Lists the names of several errors, each once, with their number if they differ. */
export function errnosOf(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(errnoOf(text), (counts.get(errnoOf(text)) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  if (sorted.length === 1) return sorted[0]?.[0] ?? "";
  return sorted.map(([name, times]) => `${name} (${times} of ${texts.length})`).join(", ");
}
