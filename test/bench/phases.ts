import { parseEngineLine } from "../../commands/progress/engine-event";
import { phaseTitles } from "../../commands/progress/phase";
import { advance, begin, finish, type State } from "../../commands/progress/state";

/** A line that the engine printed with `--json`, and when, in milliseconds after its start. */
export interface TimedLine {
  readonly at: number;
  readonly text: string;
}

/**
 * Measures the phases of an update by the times at which the engine printed its events.
 * @param lines in the order in which they were printed
 * @param end when the engine exited, in milliseconds after its start
 * @returns seconds by the phase's title, and `exit` after the last event. Phases can overlap: they need not add up.
 */
export function measurePhases(lines: readonly TimedLine[], end: number): Record<string, number> {
  let state: State = begin(0);
  let last = 0;
  for (const { at, text } of lines) {
    const event = parseEngineLine(text);
    if (event === undefined) continue;
    ({ state } = advance(state, event, at));
    if (event.kind === "resource") last = at;
  }
  const { phases } = finish(state, last, true).state;
  const seconds = [...phases].map(
    ([name, { started, ended }]) => [phaseTitles[name], ((ended ?? last) - started) / 1000] as const,
  );
  return { ...Object.fromEntries(seconds), exit: (end - last) / 1000 };
}
