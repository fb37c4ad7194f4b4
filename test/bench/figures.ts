/** The middle of some figures; NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + upper) / 2 : upper;
}

/** Median, least and most, to two places. */
export function summarise(figures: readonly number[]): string {
  const [least, most] = [Math.min(...figures), Math.max(...figures)];
  return `${median(figures).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

/** Ratios pair by pair, so that a machine whose speed drifts does not matter. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  return above.map((figure, index) => figure / (below[index] ?? NaN));
}

/** Differences pair by pair, likewise. */
export function differences(more: readonly number[], less: readonly number[]): number[] {
  return more.map((figure, index) => figure - (less[index] ?? NaN));
}
