import { step } from "./check";
import { embedded } from "./embedded";
import { remember } from "./remember";
import { isFields, isList, SECRET, UNKNOWN, type Value } from "./snapshot";

/** A place in a resource. */
export interface Node {
  readonly path: string;
  /** The field's name, or the number of the item in its list. */
  readonly key: string;
  readonly value: Value;
}

/** Returns true if a value could be anything: unknown, or a secret. */
export function isOpaque(value: Value | undefined): boolean {
  return value === UNKNOWN || value === SECRET;
}

/** Texts in texts beyond which nothing is parsed: every level doubles the escapes, and a rule must end. */
const DEEPEST_TEXT = 8;

/** Returns the fields or items of a value. */
export function children({ path, value }: Pick<Node, "path" | "value">): Node[] {
  if (isList(value))
    return value.map((item, at) => ({ path: `${path}[${at}]`, key: String(at), value: item }));
  if (!isFields(value)) return [];
  return Object.entries(value).map(([key, item]) => ({ path: step(path, key), key, value: item }));
}

/** Returns the content of a text. */
export const contentOf = remember((text) => embedded(text));

/** Returns the documents in a text, as places of the resource. */
export function documentsIn({ path, key, value }: Node): Node[] {
  if (typeof value !== "string" || isOpaque(value)) return [];
  return contentOf(value).documents.map((document) => ({ path, key, value: document }));
}

/** Yields every field and item of a value, at any depth, also in the manifests in its texts. */
export function* walk(value: Value, path = "", texts = 0): Generator<Node> {
  for (const node of children({ path, value })) {
    yield node;
    yield* walk(node.value, node.path, texts);
    if (texts >= DEEPEST_TEXT) continue;
    for (const document of documentsIn(node)) {
      yield document;
      yield* walk(document.value, document.path, texts + 1);
    }
  }
}
