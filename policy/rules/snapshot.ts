/** Stands in a snapshot for a value that the engine does not know yet, or that could not be read. */
export const UNKNOWN = Symbol("a value that is not known yet");

/** What is seen where a secret lies: also what an analysis without the key sees. */
export const SECRET = "[secret]";

/** Plain data, as JSON has it, or {@link UNKNOWN} anywhere in it. */
export type Value = string | number | boolean | null | typeof UNKNOWN | readonly Value[] | Fields;
/** An object of plain data. */
export interface Fields {
  readonly [key: string]: Value;
}

/** Whether a value is an object with fields. */
export function isFields(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** A field of an object, never one of its prototype's. */
export function field(value: Value | undefined, key: string): Value | undefined {
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A nested field, by the names on the way to it. */
export function fieldAt(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((at, key) => field(at, key), value);
}

/** The items of a list; none where there is no list. */
export function items(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}

const LONGEST = 80;

/** A value in a message: short, on one line, and plain about what is missing, unknown or secret. */
export function describe(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  if (value === UNKNOWN) return "a value that is not known yet";
  if (value === SECRET) return "a secret";
  const text = JSON.stringify(value, (_, part: unknown) => (part === UNKNOWN ? "(not known yet)" : part));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** Depth from which on nothing is read: no honest manifest is that deep, and a validator must end. */
const DEEPEST = 200;

function read(object: Readonly<Record<string, unknown>>, key: string, depth: number): Value {
  try {
    return snapshot(object[key], depth + 1);
  } catch {
    return UNKNOWN;
  }
}

/**
 * Copies what a policy is given, so that nothing can throw later. Reading an unknown property throws in the policy
 * SDK, and the engine turns that into an advisory: here it becomes {@link UNKNOWN}, which every rule refuses.
 */
export function snapshot(value: unknown, depth = 0): Value {
  if (depth > DEEPEST) return UNKNOWN;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : UNKNOWN;
  if (typeof value !== "object") return UNKNOWN;
  const object = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(value))
    return Array.from({ length: value.length }, (_, index) => read(object, String(index), depth));
  // From entries: a key named __proto__ stays a field.
  return Object.fromEntries(Object.keys(object).map((key) => [key, read(object, key, depth)]));
}
