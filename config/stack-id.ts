import { createHash } from "node:crypto";
import { hostname } from "node:os";

/** What tells a stack from every other one, wherever its state is kept. */
export interface StackIdentity {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** URL of the backend; a backend of files is another one on every machine. */
  readonly backend: string;
}

/** More of a stack's name is left out: a label's value has 63 characters. */
const NAME_LENGTH = 40;

/**
 * A short name of the stack that a namespace belongs to, for a label's value: its own name, so that a person knows
 * it again, and a hash, so that two checkouts with stacks of one name do not take each other's.
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
