/** Returns the name of a processor in the releases of Kubernetes, which are Go's names. */
export function goArchitecture(arch: string = process.arch): string {
  return arch === "x64" ? "amd64" : arch;
}

/** Parses a version such as `v3.247.0` or `go1.26.8`; undefined if it is none. */
export function parseVersion(text: string): readonly [number, number, number] | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (match === null) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Returns true if `text` is a version that is `minimum` or newer. */
export function atLeast(text: string, minimum: string): boolean {
  const version = parseVersion(text);
  const wanted = parseVersion(minimum);
  if (version === undefined || wanted === undefined) return false;
  for (const [index, part] of version.entries()) {
    const other = wanted[index] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}
