import type { Value } from "./snapshot";

/** Returns a name with look-alike characters replaced, so that a name that imitates another one equals it. */
export function folded(name: Value | undefined): string | undefined {
  return typeof name === "string"
    ? name
        .normalize("NFKC")
        .replaceAll(/\p{Dash}/gu, "-")
        .trim()
        .toLowerCase()
    : undefined;
}
