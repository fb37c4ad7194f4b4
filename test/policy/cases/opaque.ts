import { type Case, changed, secret, UNKNOWN } from "./case";
import { other, seen } from "./other";

/** The way to a field. */
export type Path = readonly (string | number)[];

/** Two cases: the value is unknown, and it is a secret. */
export function opaque(
  what: string,
  type: string,
  manifest: unknown,
  path: Path,
  content: unknown,
  more: Partial<Case> = {},
) {
  return [
    other(`${what} that is unknown`, type, changed(manifest, path, UNKNOWN), { ...seen, ...more }),
    other(`${what} that is secret`, type, changed(manifest, path, secret(content)), { ...seen, ...more }),
  ];
}

/** The first container of a pod. */
export const first = ["spec", "containers", 0] as const;

/** A chart. */
export const release = { chart: "web", name: "web", namespace: "web", values: { extra: { a: 1 }, auth: {} } };
