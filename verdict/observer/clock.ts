/** Largest apparent difference of equal clocks, in milliseconds: times of the API have whole seconds. */
const TOLERANCE = 2000;

/**
 * Compares the clock of another machine with this one's, by events that were timed there and seen here. A
 * clock is corrected only if it is certainly wrong: if by it something happened before the run, or after it
 * was seen. Its error is then taken to be that of the event that was seen soonest.
 */
export class ClockComparison {
  private earliest = Infinity;
  private shortest = Infinity;

  /** @param start of the run, milliseconds since 1970 by this machine's clock. */
  constructor(private readonly start: number) {}

  /** Records an event that happened at `time` by the other clock, and was seen at `seen` by this one. */
  see(time: number | undefined, seen: number): void {
    if (time === undefined) return;
    this.earliest = Math.min(this.earliest, time);
    this.shortest = Math.min(this.shortest, seen - time);
  }

  /** Correction for a time of the other clock, in milliseconds; 0 for a clock that may be right. */
  get correction(): number {
    const possible = this.earliest + TOLERANCE >= this.start && this.shortest >= -TOLERANCE;
    return possible ? 0 : this.shortest;
  }

  /** Converts a time of the other clock to this machine's. */
  correct(time: number): number {
    return time + this.correction;
  }
}

/**
 * Returns how far this machine's clock is ahead of a server's, in milliseconds, by the Date header of an
 * answer (RFC 9110, whole seconds); 0 if they agree or the header is missing.
 */
export function aheadOfServer(date: string | undefined, now: number): number {
  const ahead = now - Date.parse(date ?? "");
  return Number.isNaN(ahead) || Math.abs(ahead) <= TOLERANCE ? 0 : ahead;
}
