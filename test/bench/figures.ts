/** Returns the value below which a fraction of some figures falls, interpolated; NaN for no figures. */
function quantile(figures: readonly number[], fraction: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const place = (sorted.length - 1) * fraction;
  const [lower, upper] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return lower + (upper - lower) * (place - Math.floor(place));
}

/** Returns the median of some figures; NaN for no figures. */
export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5);
}

/** Returns the first and third quartile of some figures; NaN for no figures. */
export function quartiles(figures: readonly number[]): readonly [number, number] {
  return [quantile(figures, 0.25), quantile(figures, 0.75)];
}

/** Formats median, least and most, to two places. */
export function summarise(figures: readonly number[]): string {
  const [least, most] = [Math.min(...figures), Math.max(...figures)];
  return `${median(figures).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

/** Returns the ratios of figures pair by pair, so that a machine whose speed drifts does not matter. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  return above.map((figure, index) => figure / (below[index] ?? NaN));
}

/** Returns the differences of figures pair by pair, likewise. */
export function differences(more: readonly number[], less: readonly number[]): number[] {
  return more.map((figure, index) => figure - (less[index] ?? NaN));
}
