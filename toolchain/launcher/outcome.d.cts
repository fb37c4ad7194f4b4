export function describeEnd(events: readonly unknown[]): string[];
