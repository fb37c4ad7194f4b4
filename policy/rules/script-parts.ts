/** Here documents beyond which a script is not read: no honest script has as many, and a rule must end. */
const MOST_HERE_DOCUMENTS = 200;

/** A redirection of a shell: `<<E`, `<<-'E'`, `<< "E F"`, `<<\E`. With a third `<` it would be a here string. */
const OPENING = /(?<!<)<<(?!<)[-~]?[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|([^\s;&|<>()'"]+))/g;

/** The first word of a line: a program that strips a document's indentation compares it with the end word. */
const FIRST_WORD = /^[ \t]*([^\s;&|<>()'"]+)/;

/** Texts within another text. */
export interface Parts {
  readonly texts: readonly string[];
  /** True if there are more than were read. */
  readonly more: boolean;
}

function endWords(line: string): string[] {
  const whole = line.replace(/\r$/, "");
  const word = FIRST_WORD.exec(line)?.[1] ?? whole;
  return [...new Set([whole, word])];
}

/** Returns the words that end the here documents which begin on a line, in their order. */
function openings(line: string): string[] {
  return [...line.matchAll(OPENING)].map(
    ([, one, other, bare = ""]) => one ?? other ?? bare.replaceAll("\\", ""),
  );
}

/**
 * Returns the here documents of a script. An apparent beginning or end (in a comment, in a quotation, by its
 * indentation) cannot hide another document: every beginning counts, and a text is read up to each of its possible
 * ends. A document without an end extends to the end of the script, as in a shell.
 */
export function hereDocuments(script: string): Parts {
  if (!script.includes("<<")) return { texts: [], more: false };
  const lines = script.split("\n");
  const ends = new Map<string, number[]>();
  for (const [number, line] of lines.entries()) {
    for (const word of endWords(line)) {
      const known = ends.get(word);
      if (known === undefined) ends.set(word, [number]);
      else known.push(number);
    }
  }
  const texts = new Set<string>();
  let found = 0;
  for (const [number, line] of lines.entries()) {
    // Each document of a line begins after the previous one, unless that is in a comment or a quotation.
    const starts = new Set([number + 1]);
    for (const word of openings(line)) {
      found += 1;
      if (found > MOST_HERE_DOCUMENTS) return { texts: [...texts], more: true };
      for (const start of [...starts]) {
        const numbers = ends.get(word) ?? [];
        const end = numbers.find((at) => at >= start) ?? lines.length;
        const exact = numbers.find((at) => at >= start && lines[at]?.replace(/\r$/, "") === word) ?? end;
        for (const at of [end, exact]) {
          texts.add(lines.slice(start, at).join("\n").replace(/\r$/, ""));
          starts.add(at + 1);
        }
      }
    }
  }
  return { texts: [...texts], more: false };
}

/** Returns the end of a quotation that begins at an index; -1 if there is none. A backslash escapes in double quotes alone. */
function endOfQuotation(script: string, open: number): number {
  const quote = script.charAt(open);
  if (quote === "'") return script.indexOf(quote, open + 1);
  for (let at = open + 1; at < script.length; at += 1) {
    if (script[at] === quote) return at;
    if (script[at] === "\\") at += 1;
  }
  return -1;
}

/** Returns the quotations of a script, without the escapes of its shell. */
export function quotations(script: string): string[] {
  const texts: string[] = [];
  let at = 0;
  // A quotation without an end is ignored: an apostrophe in a comment must not hide the text after it.
  const endless = new Set<string>();
  while (at < script.length) {
    const quote = script.charAt(at);
    const end =
      (quote === "'" || quote === '"') && !endless.has(quote) ? endOfQuotation(script, at) : undefined;
    if (end === -1) endless.add(quote);
    if (quote === "\\") at += 1;
    if (end !== undefined && end !== -1) {
      const text = script.slice(at + 1, end);
      texts.push(quote === '"' ? text.replaceAll(/\\(["\\$`])/g, "$1") : text);
      at = end;
    }
    at += 1;
  }
  return texts;
}

/** Words in Base64 that are long enough for a manifest. Shorter ones are everywhere. */
const BASE64 = /[A-Za-z0-9+/_-]{40,}={0,2}/g;

/** Returns the words of a script, or of a data URI, that may be Base64. */
export function base64Words(script: string): string[] {
  return script.match(BASE64) ?? [];
}

/** Replaces an action of a template until the rest of its line is known. */
const ACTION = "\u0001";

/**
 * Returns a template of a chart without its actions: a line of actions alone becomes empty, because they may produce no
 * text, and any other action becomes a word.
 */
export function withoutActions(template: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const open = template.indexOf("{{", at);
    const close = open === -1 ? -1 : template.indexOf("}}", open + 2);
    if (close === -1) break;
    parts.push(template.slice(at, open));
    at = close + 2;
  }
  parts.push(template.slice(at));
  return parts
    .join(ACTION)
    .split("\n")
    .map((line) => {
      const rest = line.replaceAll(ACTION, "");
      return rest !== line && rest.trim() === "" ? "" : line.replaceAll(ACTION, "x");
    })
    .join("\n");
}
