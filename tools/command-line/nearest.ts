import leven from "leven";

/** Distance of two words, as a part of their length, from which on one is not a misspelling of the other. */
const FARTHEST = 0.5;

function distance(one: string, other: string): number {
  return leven(one.toLowerCase(), other.toLowerCase());
}

/** Returns true if a word is the beginning of another, as of a name that was not typed completely. */
function begins(word: string, candidate: string): boolean {
  return word !== "" && candidate.toLowerCase().startsWith(word.toLowerCase());
}

/** Returns the candidates in the order of their likeness to a word, without repetitions. */
export function nearestFirst(word: string, candidates: readonly string[]): string[] {
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, far: begins(word, candidate) ? 0 : distance(word, candidate) }))
    .sort((one, other) => one.far - other.far)
    .map(({ candidate }) => candidate);
}

/** Returns the candidate that a person probably meant by a word; undefined when none is like it. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [first] = nearestFirst(word, candidates);
  if (first === undefined || word === "") return undefined;
  const limit = Math.max(1, Math.floor(Math.max(word.length, first.length) * FARTHEST));
  return begins(word, first) || distance(word, first) <= limit ? first : undefined;
}

/** Returns what may be written in place of a word that is unknown, for the end of a one-line error. */
export function suggest(word: string, candidates: readonly string[]): string {
  const meant = nearest(word, candidates);
  const question = meant === undefined ? "" : `Did you mean ${meant}? `;
  return `${question}Expected one of: ${nearestFirst(word, candidates).join(", ")}`;
}
