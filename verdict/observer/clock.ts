/** How far apart clocks may look without being so, in milliseconds: times of the API have whole seconds. */
const TOLERANCE = 2000;

/**
 * Compares the clock of another machine with this one's, by what was said there and seen here. Only a clock that
 * cannot be right is corrected: one by which something happened before the run, or after it was seen. It is then
 * taken to be as far off as what was seen soonest.
 */
export class ClockComparison {
  private earliest = Infinity;
  private shortest = Infinity;

  /** @param start of the run, milliseconds since 1970 by this machine's clock. */
  constructor(private readonly start: number) {}

  /** Takes note of something that happened at `time` by the other clock, and was seen at `seen` by this one. */
  see(time: number | undefined, seen: number): void {
    if (time === undefined) return;
    this.earliest = Math.min(this.earliest, time);
    this.shortest = Math.min(this.shortest, seen - time);
  }

  /** What has to be added to a time of the other clock, in milliseconds; 0 for a clock that can be right. */
  get correction(): number {
    const possible = this.earliest + TOLERANCE >= this.start && this.shortest >= -TOLERANCE;
    return possible ? 0 : this.shortest;
  }

  /** A time of the other clock by this machine's. */
  correct(time: number): number {
    return time + this.correction;
  }
}

/**
 * How far this machine's clock is ahead of a server's, in milliseconds, by the Date header of an answer
 * (RFC 9110, whole seconds); 0 where they agree, or it has none.
 */
export function aheadOfServer(date: string | undefined, now: number): number {
  const ahead = now - Date.parse(date ?? "");
  return Number.isNaN(ahead) || Math.abs(ahead) <= TOLERANCE ? 0 : ahead;
}
