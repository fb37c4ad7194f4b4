import { remember } from "./remember";

/**
 * Constructs that differ between JavaScript's regular expressions and RE2, or between versions of either: letter classes,
 * boundaries, groups with `?` (look-around, flags), POSIX classes, back-references and escapes. Newline and backslash
 * are the escapes with the same meaning in both.
 */
const NOT_PORTABLE = /\\(?!n)|\(\?|\[\[:|\[\^?\]/;

/**
 * Checks that a pattern means the same in JavaScript and in RE2, which the API server uses.
 * @returns the pattern.
 * @throws Error if it has a construct with different meanings in the two.
 */
export function portable(source: string): string {
  if (NOT_PORTABLE.test(source.replaceAll("\\\\", "-")))
    throw new Error(`not the same in JavaScript and RE2: ${source}`);
  return source;
}

const compile = remember((source) => new RegExp(portable(source), "su"));

/** Returns true if a text matches a portable pattern: any character for `.`, and `^` and `$` at the ends of the text alone. */
export function matches(source: string, text: string): boolean {
  return compile(source).test(text);
}

/** Returns the CEL expression that is true for the texts that {@link matches} is true for. */
export function matchesExpression(at: string, source: string): string {
  return `${at}.matches(${JSON.stringify(`(?s)${portable(source)}`)})`;
}

/** Returns a pattern for an ASCII text in capitals or small letters: folding beyond ASCII differs between engines. */
export function anyCase(text: string): string {
  return text.replaceAll(/[a-z]/gi, (one) => `[${one.toUpperCase()}${one.toLowerCase()}]`);
}
