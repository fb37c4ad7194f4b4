/** Results that are kept for one function: a pack judges whole stacks, and need not keep all of them. */
const MOST_ANSWERS = 1000;

const kept: Map<string, unknown>[] = [];

/**
 * Returns a function that computes each result once while it is kept: every policy of a pack needs the same results
 * for a resource. A result depends only on the text.
 */
export function remember<T>(compute: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>();
  kept.push(answers);
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = compute(text);
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(text, answer);
    return answer;
  };
}

/** Removes all kept results: `npm run mutation` changes the functions that compute them. */
export function forget(): void {
  for (const answers of kept) answers.clear();
}
