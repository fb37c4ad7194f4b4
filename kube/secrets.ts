const patterns: readonly RegExp[] = [
  // JSON web tokens, such as service account tokens.
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]+/gi,
  /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
  /\b(?:client-key-data|client-certificate-data|certificate-authority-data|token|password|secret)\b["']?\s*[:=]\s*["']?[^\s"',}]+/gi,
  // User information in a URL.
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi,
];

/** Removes tokens, keys and credentials from a text that this project did not write. */
export function hideSecrets(text: string): string {
  return patterns.reduce((hidden, pattern) => hidden.replace(pattern, "[hidden]"), text);
}
