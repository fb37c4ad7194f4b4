/** Result of an enforcement point. `none`: it never sees such a resource. */
export type Answer = "refused" | "allowed" | "none";

/** A resource that a user might deploy, with the result of each enforcement point. */
export interface Case {
  readonly title: string;
  /** Type token of the resource. */
  readonly type: string;
  readonly props: unknown;
  /** Options of the resource in Pulumi. */
  readonly options?: { readonly ignoreChanges?: readonly string[] };
  /** The policies of the pack that must be among those that refuse it in the project; empty means none is named. */
  readonly policies: readonly string[];
  /** Result of the pack for other stacks. */
  readonly organization: Answer;
  /** Result of the API server. */
  readonly admission: Answer;
  /** The reason, if the two differ. */
  readonly reason?: string;
}

/** Removes a field. */
export const REMOVED = Symbol("removed");
/** Represents a value that is unknown in a preview. */
export const UNKNOWN = { $test: "unknown" } as const;

/** Represents a secret. */
export function secret(value: unknown) {
  return { $test: "secret", value } as const;
}

type Step = string | number;
type Tree = Record<Step, unknown>;

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null;
}

/** A copy of a manifest with one field changed, added or {@link REMOVED}. */
export function changed(manifest: unknown, path: readonly Step[], value: unknown): unknown {
  const copy: unknown = structuredClone(manifest);
  let at = copy;
  for (const step of path.slice(0, -1)) {
    if (!isTree(at)) throw new Error(`no ${String(step)} in ${path.join(".")}`);
    at[step] ??= {};
    at = at[step];
  }
  const last = path.at(-1);
  if (!isTree(at) || last === undefined) throw new Error(`nothing at ${path.join(".")}`);
  if (value === REMOVED) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return copy;
}

/** Both enforcement points that do not depend on this project's program refuse it. */
export const bothRefuse = { organization: "refused", admission: "refused" } as const;
/** Both accept it. */
export const bothAllow = { organization: "allowed", admission: "allowed" } as const;
