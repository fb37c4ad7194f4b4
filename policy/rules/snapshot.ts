/** Stands for a value that is not known yet, or that could not be read. */
export const UNKNOWN = Symbol("a value that is not known yet");

/** Stands for a secret: an analysis without the key has the same text. */
export const SECRET = "[secret]";

/** Plain data, as JSON has it, or {@link UNKNOWN} anywhere in it. */
export type Value = string | number | boolean | null | typeof UNKNOWN | readonly Value[] | Fields;
/** An object of plain data. */
export interface Fields {
  readonly [key: string]: Value;
}

/** Returns true if a value is an object with fields. */
export function isFields(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns true if a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Returns a field of an object, never one of its prototype. */
export function field(value: Value | undefined, key: string): Value | undefined {
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Returns a nested field by its path. */
export function fieldAt(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((at, key) => field(at, key), value);
}

/** Returns the items of a list; none for any other value. */
export function items(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}

const LONGEST = 80;

/** Formats a value for a message: short, on one line, and explicit about missing, unknown and secret values. */
export function describe(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  if (value === UNKNOWN) return "a value that is not known yet";
  if (value === SECRET) return "a secret";
  const text = JSON.stringify(value, (_, part: unknown) => (part === UNKNOWN ? "(not known yet)" : part));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** Depth beyond which nothing is read: no ordinary manifest is that deep, and a validator must end. */
const DEEPEST = 200;

function read(object: Readonly<Record<string, unknown>>, key: string, depth: number): Value {
  try {
    return snapshot(object[key], depth + 1);
  } catch {
    return UNKNOWN;
  }
}

/**
 * Copies the properties that a policy receives, so that nothing can throw later. Reading an unknown property throws in
 * the policy SDK, and the engine turns that into an advisory: here it becomes {@link UNKNOWN}, which every rule refuses.
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
