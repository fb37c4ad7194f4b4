const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for HTML and XML. Characters that XML 1.0 forbids are left out. */
export function escapeMarkup(text: string): string {
  const allowed = Array.from(text).filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    const control = code < 0x20 && code !== 0x9 && code !== 0xa && code !== 0xd;
    return !control && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
  });
  return allowed.join("").replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Escapes text for a cell of a Markdown table: one line, no markup of its own. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\r\n]+/g, " ").replace(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`);
}
