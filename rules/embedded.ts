import { parseAllDocuments } from "yaml";
import { isFields, isList, snapshot, type Value } from "./values";

/** Characters beyond which a text is not parsed: no honest manifest is that long, and a rule must end. */
const LONGEST = 2_000_000;

/** Aliases beyond which a document is not expanded, so that a short text cannot become a huge one. */
const MOST_ALIASES = 1000;

/** YAML 1.1, as kubectl and Helm read it: with merge keys and binary values. JSON is a part of it. */
const AS_KUBERNETES = { version: "1.1", merge: true, uniqueKeys: false, logLevel: "silent" } as const;

/** A binary value as the text that it is for a reader of Kubernetes' types. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return plain([...value]);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** What a text holds. */
export interface Embedded {
  /** The structured documents in it. */
  readonly documents: readonly Value[];
  /** Whether all of it was understood, so that nothing has to be searched for in the text itself. */
  readonly whole: boolean;
}

const NOTHING: Embedded = { documents: [], whole: false };

/** Brackets in brackets beyond which a text is not parsed: a parser takes longer and longer for them. */
const DEEPEST = 200;

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/**
 * Parses a text as YAML or JSON, as whoever applies it would: tags, folding, escapes, aliases and comments mean what
 * they mean there. A text without any structure has no documents.
 */
export function embedded(text: string): Embedded {
  // Without one of these there is no structure, and most texts are not worth a parser.
  if (text.length > LONGEST || !/[:[{]/.test(text) || isTooDeep(text)) return NOTHING;
  const values = parseAllDocuments(text, AS_KUBERNETES).map((document) => {
    if (document.errors.length > 0) return undefined;
    try {
      return snapshot(plain(document.toJS({ maxAliasCount: MOST_ALIASES })));
    } catch {
      return undefined;
    }
  });
  const documents = values.filter((value): value is Value => isFields(value) || isList(value));
  return { documents, whole: documents.length > 0 && documents.length === values.length };
}

const DEVICE = /\/dev\/+(?:\.\/+)*(?:misc\/+)?fuse(?![\w.-])|\/dev\/+char\/+10:229(?!\d)/;
const BRIDGE = /(?<![\w.-])\/+(?:\.\/+)*tmp\/+(?:\.\/+)*fuse-test-bridge(?![\w.-])/;
const BIDIRECTIONAL = /mountPropagation[:=]Bidirectional/;

/** What an escape of JSON or YAML stands for. */
function unescaped(text: string): string {
  const escape = /\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/g;
  return text.replace(escape, (_, ...[four, two]: (string | undefined)[]) =>
    String.fromCharCode(Number.parseInt([four, two].join(""), 16)),
  );
}

/** A text without what a parser of YAML would skip: for a template, or a script, which no parser takes. */
function squeezed(text: string): string {
  return unescaped(text)
    .replace(/(^|\s)#.*$/gm, "$1")
    .replace(/!!?(?:[\w:/.,-]+|(?=\s))/g, "")
    .replace(/[|>][+-]?\d?\s*\n/g, "")
    .replace(/["'\\\s]+/g, "");
}

/** Whether a text says what a FUSE test needs: a command, a value of a chart, or a manifest that cannot be parsed. */
export function isTelling(text: string): boolean {
  const read = unescaped(text);
  if (!/fuse|10:229|mountPropagation/.test(read)) return false;
  return DEVICE.test(read) || BRIDGE.test(read) || BIDIRECTIONAL.test(squeezed(text));
}
