import { parseAllDocuments } from "yaml";
import { gunzipSync } from "node:zlib";
import { base64Words, hereDocuments, type Parts, quotations, withoutActions } from "./script-parts";
import { isFields, isList, snapshot, UNKNOWN, type Value } from "./snapshot";

/** Characters beyond which a text is not parsed: no honest manifest is that long, and a rule must end. */
const LONGEST = 2_000_000;

/** Aliases beyond which a document is not expanded, so that a short text cannot become a huge one. */
const MOST_ALIASES = 1000;

/** YAML 1.1, as kubectl and Helm read it: with merge keys and binary values. JSON is a part of it. */
const AS_KUBERNETES = { version: "1.1", merge: true, uniqueKeys: false, logLevel: "silent" } as const;

/** Converts parsed YAML to plain data; a binary value becomes the text that Kubernetes' types read in it. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return plain([...value]);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Content of a text. */
export interface Embedded {
  /** The structured documents in it. */
  readonly documents: readonly Value[];
  /** True if the whole text was parsed, so that the text itself need not be searched. */
  readonly whole: boolean;
  /** True if a part of it was not read. */
  readonly unread: boolean;
  /** True if the part that was not parsed describes a FUSE test, see {@link describesTest}. */
  readonly describing: boolean;
}

const NOTHING: Embedded = { documents: [], whole: false, unread: false, describing: false };
const NO_PARTS: Parts = { texts: [], more: false };

/** Nesting of brackets beyond which a text is not parsed: a parser's time grows faster than the depth. */
const DEEPEST = 200;

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Names of which a manifest has at least one: a text without them contains no pod and no part of one. */
const MANIFEST = /kind|volume|mount|hostpath|container|!!binary/i;

/** Returns the content of a text that exceeds a limit. */
function beyond(text: string): Embedded {
  return { ...NOTHING, unread: MANIFEST.test(unescaped(text)), describing: describesTest(text) };
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
  return {
    documents,
    whole: documents.length > 0 && documents.length === values.length,
    unread,
    describing: false,
  };
}

/** Returns the texts in a text that is neither YAML nor JSON: a script, or a template of a chart. */
function parts(text: string): Parts {
  const { texts, more } = hereDocuments(text);
  const quoted = quotations(text).filter((one) => STRUCTURE.test(one));
  return {
    texts: [
      ...texts,
      ...quoted,
      // The output of `printf` and `echo -e`.
      ...quoted.filter((one) => one.includes("\\n")).map((one) => one.replaceAll("\\n", "\n")),
      ...(text.includes("{{") ? [withoutActions(text)] : []),
    ],
    more,
  };
}

/** Decodes a text in Base64, compressed or not; undefined for any other text. */
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

/** Layers of Base64 that are decoded: a compressed text can be as long as its content, and a rule must end. */
const MOST_LAYERS = 4;

/** The first bytes of data that gzip compressed. */
const GZIP = 0x1f8b;

/** A text without one of these has no structure and is not parsed, as most texts are. A script can contain other texts. */
const STRUCTURE = /[:[{]/;

/** Characters that are read of all texts in a text together. */
const MOST_CHARACTERS = 4 * LONGEST;

/** Characters that may still be read. */
interface Budget {
  characters: number;
}

function joined(all: readonly Embedded[]): Pick<Embedded, "documents" | "unread" | "describing"> {
  return {
    documents: all.flatMap(({ documents }) => documents),
    unread: all.some(({ unread }) => unread),
    describing: all.some(({ describing }) => describing),
  };
}

/** Reads the words of a text that are Base64. */
function inBase64(text: string, layers: number, budget: Budget): Embedded[] {
  return base64Words(text).flatMap((word) => {
    const inner = decoded(word);
    return inner === undefined ? [] : [embedded(inner, layers - 1, budget)];
  });
}

/**
 * Parses a text as YAML or JSON, as a program that applies it would: tags, folding, escapes, aliases and comments have
 * their meaning. In any other text, such as a script, it reads the texts that a program could receive. A text without
 * structure has no documents.
 */
export function embedded(
  text: string,
  layers = MOST_LAYERS,
  budget: Budget = { characters: MOST_CHARACTERS },
): Embedded {
  budget.characters -= text.length;
  if (text.length > LONGEST || budget.characters < 0) return beyond(text);
  const inner = layers > 0 ? decoded(text) : undefined;
  if (inner !== undefined) return embedded(inner, layers - 1, budget);
  const encoded = layers > 0 ? inBase64(text, layers, budget) : [];
  const all = STRUCTURE.test(text) ? parsed(text) : NOTHING;
  if (all.whole) return all;
  const { texts, more } = layers > 0 ? parts(text) : NO_PARTS;
  const read = joined([all, ...encoded, ...texts.map((one) => embedded(one, layers - 1, budget))]);
  return {
    documents: read.documents,
    whole: false,
    unread: read.unread || (more && beyond(text).unread),
    describing: describesTest(text) || joined(encoded).describing,
  };
}

const DEVICE = /\/dev\/(?:misc\/)?fuse(?![\w.-])|\/dev\/char\/10:229(?!\d)/;
const BRIDGE = /(?<![\w.-])(?:\/proc\/[^/\s]+\/(?:root|cwd))?\/tmp\/fuse-test-bridge(?![\w.-])/;
/** A propagation that a program sets: by a field, or by a field's path in a patch, in the spelling of any language. */
const BIDIRECTIONAL = /mount_?propagation[:=,](?:value[:=])?bidirectional/i;

/** Replaces the escapes of JSON and YAML by their characters. */
function unescaped(text: string): string {
  const escape = /(?<!\\)\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/g;
  return text.replace(escape, (_, ...[four, two]: (string | undefined)[]) =>
    String.fromCharCode(Number.parseInt([four, two].join(""), 16)),
  );
}

/** Returns a line up to its comment. A `#` in a quotation that began on the line begins no comment. */
function withoutComment(line: string): string {
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const one = line.charAt(at);
    if (quote !== "") quote = one === quote ? "" : quote;
    else if (one === '"' || one === "'") quote = one;
    else if (one === "#" && (at === 0 || /\s/.test(line.charAt(at - 1)))) return line.slice(0, at);
  }
  return line;
}

/** Removes from a text the characters that a YAML parser would skip: for a template or a script, which cannot be parsed. */
function squeezed(text: string): string {
  return unescaped(text)
    .split("\n")
    .map(withoutComment)
    .join("\n")
    .replace(/!!?(?:[\w:/.,-]+|(?=\s))/g, "")
    .replace(/[|>][+-]?\d?\s*\n/g, "")
    .replace(/["'\\\s]+/g, "");
}

/** Returns true if a text names a FUSE test's device, bridge or propagation: a command, a chart's value, or a manifest that cannot be parsed. */
export function describesTest(text: string): boolean {
  const read = unescaped(text);
  if (!/fuse|10:229|mount_?propagation/i.test(read)) return false;
  const paths = read.replaceAll(/\/(?:\.?\/)+/g, "/");
  return DEVICE.test(paths) || BRIDGE.test(paths) || BIDIRECTIONAL.test(squeezed(text));
}
