/** Answers that are kept of one question: a pack judges whole stacks, and need not keep all that it has ever read. */
const MOST_ANSWERS = 1000;

const kept: Map<string, unknown>[] = [];

/**
 * Returns a function that computes each answer once while it is kept: every policy of a pack asks the same about a
 * resource. Answers depend on nothing but the text.
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

/** Forgets every answer: `npm run mutation` changes what computes them. */
export function forget(): void {
  for (const answers of kept) answers.clear();
}
