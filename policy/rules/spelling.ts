import type { Value } from "./snapshot";

/** Returns how a name reads to a person who is to take it for another: look-alikes are as close as the name itself. */
export function folded(name: Value | undefined): string | undefined {
  return typeof name === "string"
    ? name
        .normalize("NFKC")
        .replaceAll(/\p{Dash}/gu, "-")
        .trim()
        .toLowerCase()
    : undefined;
}
