import { parseAllDocuments } from "yaml";
import { gunzipSync } from "node:zlib";
import { isFields, isList, snapshot, UNKNOWN, type Value } from "./snapshot";

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
  /** Whether there is more in it than is read. */
  readonly unread: boolean;
}

const NOTHING: Embedded = { documents: [], whole: false, unread: false };
const UNREAD: Embedded = { documents: [], whole: false, unread: true };

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

/** What of a text could be a manifest: without one of these names nothing in it is a pod or part of one. */
const MANIFEST = /kind|volume|mount|hostpath|container|!!binary/i;

/** Returns what is known of a text that is beyond a limit. */
function beyond(text: string): Embedded {
  return MANIFEST.test(unescaped(text)) ? UNREAD : NOTHING;
}

/** Parses a text as YAML or JSON. */
function parsed(text: string): Embedded {
  if (isTooDeep(text)) return beyond(text);
  const values = parseAllDocuments(text, AS_KUBERNETES).map((document) => {
    if (document.errors.length > 0) return undefined;
    try {
      return snapshot(plain(document.toJS({ maxAliasCount: MOST_ALIASES })));
    } catch {
      return UNKNOWN;
    }
  });
  const documents = values.filter((value): value is Value => isFields(value) || isList(value));
  const { unread } = values.includes(UNKNOWN) ? beyond(text) : NOTHING;
  return { documents, whole: documents.length > 0 && documents.length === values.length, unread };
}

/** The texts that a script gives to a program in it. */
const HERE_DOCUMENT = /<<[-~]?[ \t]*(["']?)(\w+)\1[^\n]*\n([\s\S]*?)\n[ \t]*\2(?!\w)/g;

/** A template's actions: alone on their lines, they are none of what comes of the template. */
const ACTION_LINE = /^[ \t]*(?:\{\{(?:[^}]|\}(?!\}))*\}\}[ \t]*)+$/gm;
const ACTION = /\{\{(?:[^}]|\}(?!\}))*\}\}/g;

/** What lies in a text that is none of YAML or JSON: a script, or a template of a chart. */
function parts(text: string): string[] {
  const inScript = [...text.matchAll(HERE_DOCUMENT)].map(([, , , inner = ""]) => inner);
  return text.includes("{{") ? [...inScript, text.replace(ACTION_LINE, "").replace(ACTION, "x")] : inScript;
}

/** A text in Base64, also if it was compressed before, as the text that it stands for; undefined for any other text. */
function decoded(text: string): string | undefined {
  if (text.length < 40 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text.replaceAll(/\s/g, ""))) return undefined;
  const bytes = Buffer.from(text, "base64");
  try {
    const plainBytes =
      bytes.readUInt16BE(0) === GZIP ? gunzipSync(bytes, { maxOutputLength: LONGEST }) : bytes;
    return new TextDecoder("utf-8", { fatal: true }).decode(plainBytes);
  } catch {
    return undefined;
  }
}

/** How often a text can be in Base64: what is compressed can be as long as before, and a rule must end. */
const MOST_LAYERS = 4;

/** The first bytes of what gzip compressed. */
const GZIP = 0x1f8b;

/**
 * Parses a text as YAML or JSON, as whoever applies it would: tags, folding, escapes, aliases and comments mean what
 * they mean there. A text without any structure has no documents.
 */
export function embedded(text: string, layers = MOST_LAYERS): Embedded {
  if (text.length > LONGEST) return beyond(text);
  const inner = layers > 0 ? decoded(text) : undefined;
  if (inner !== undefined) return embedded(inner, layers - 1);
  // Without one of these there is no structure, and most texts are not worth a parser.
  if (!/[:[{]/.test(text)) return NOTHING;
  const all = parsed(text);
  if (all.whole) return all;
  const more = parts(text).map(parsed);
  return {
    documents: [...all.documents, ...more.flatMap(({ documents }) => documents)],
    whole: false,
    unread: all.unread || more.some(({ unread }) => unread),
  };
}

const DEVICE = /\/dev\/+(?:\.\/+)*(?:misc\/+)?fuse(?![\w.-])|\/dev\/+char\/+10:229(?!\d)/;
const BRIDGE =
  /(?<![\w.-])(?:\/+proc\/+[^/\s]+\/+(?:root|cwd))?\/+(?:\.\/+)*tmp\/+(?:\.\/+)*fuse-test-bridge(?![\w.-])/;
/** A propagation that a program sets: by a field, or by the path of one in a patch, in the spelling of any language. */
const BIDIRECTIONAL = /mount_?propagation[:=,](?:value[:=])?bidirectional/i;

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
  if (!/fuse|10:229|mount_?propagation/i.test(read)) return false;
  return DEVICE.test(read) || BRIDGE.test(read) || BIDIRECTIONAL.test(squeezed(text));
}
