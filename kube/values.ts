/** An object of the API whose shape is not known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Longer values are cut in a difference. */
const LONGEST_VALUE = 160;

/** Returns an object's fields; none for anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** Returns the items of a list; none for anything else. */
export function itemsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** Returns true for values that the API omits: absent, null, empty, or false. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.values(value).every(isNothing);
}

/** Writes a value in canonical form: equal values give the same text, and different ones different texts. */
export function canonical(value: unknown): string {
  if (isNothing(value)) return "none";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value as Fields)
    .filter(([, inner]) => !isNothing(inner))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${key}:${canonical(inner)}`).join(",")}}`;
}

function short(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}

/** Compares two values at one place; undefined for equal ones. */
export function differenceAt(place: string, expected: unknown, actual: unknown): string | undefined {
  const [wanted, got] = [canonical(expected), canonical(actual)];
  return wanted === got ? undefined : `${place}: expected ${short(wanted)}, got ${short(got)}`;
}

/** Returns the first difference that is found, comparison by comparison. */
export function firstOf(...comparisons: readonly (() => string | undefined)[]): string | undefined {
  for (const compare of comparisons) {
    const difference = compare();
    if (difference !== undefined) return difference;
  }
  return undefined;
}
