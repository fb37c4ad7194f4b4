/**
 * Letters whose names begin with a vowel. A first letter that forms no syllable with the next is pronounced
 * by its name.
 */
const spelled =
  /^(?:f(?![aeiouylr])|[hmn](?![aeiouy])|l(?![aeiouy])|r(?![aeiouyh])|s(?![aeiouychklmnpqtvw])|x(?![aeiouy]))/;

/**
 * Returns a name with its indefinite article, as it is spoken: an rclone, an sshfs, an s3fs, a squashfuse.
 */
export function withArticle(name: string): string {
  const text = name.toLowerCase();
  const vowel = /^[aeio]/.test(text) || /^u(?!ni|s[aeiu]|t[aeiu])/.test(text) || spelled.test(text);
  return `${vowel ? "an" : "a"} ${name}`;
}

/** Returns the page that explains a cause, for a summary. */
export function pageOf(code: string): string {
  return `docs/troubleshooting.md#${code}`;
}

/** Returns a sentence with a capital at its beginning. */
export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
