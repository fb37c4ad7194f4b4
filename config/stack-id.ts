import { createHash } from "node:crypto";
import { hostname } from "node:os";

/** Identity of a stack, unique wherever its state is kept. */
export interface StackIdentity {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** URL of the backend. The same file backend URL means another backend on every machine. */
  readonly backend: string;
}

/** Longest part of the stack's name that is used: a label's value has at most 63 characters. */
const NAME_LENGTH = 40;

/**
 * Returns a short name of the stack that a namespace belongs to, for a label's value: the stack's name, so
 * that a person recognises it, and a hash, so that two checkouts with stacks of the same name do not share a
 * namespace.
 */
export function ownerOf({ organization, project, stack, backend }: StackIdentity, host = hostname()): string {
  // The parameters of a file backend do not select its folder.
  const parts = backend.startsWith("file:") ? [backend.split("?")[0], host] : [backend, ""];
  const hash = createHash("sha256")
    .update(JSON.stringify([organization, project, stack, ...parts]))
    .digest("hex")
    .slice(0, 8);
  const name = stack.replace(/[^A-Za-z0-9-]/g, "-").slice(0, NAME_LENGTH);
  return /^[A-Za-z0-9]/.test(name) ? `${name}-${hash}` : hash;
}
