import { type Evidence, PRODUCER } from "./evidence";
import { type NoteOf, notesOf } from "../../protocol/suite-log";
import type { Examination } from "../../protocol/suite-result";
import { stepWords } from "./labels";
import { READER } from "../../config/suites";

type Span = Examination["timeline"][number];

/** The names of losses; the speed is measured after `remount`. */
const lossWords: Readonly<Record<string, string>> = { ...stepWords, remount: "files for the speed" };

/**
 * Returns the spans of losses. Consecutive losses of the same kind make one span, from the first loss to the
 * last new nonce.
 */
function lossSpans(mounted: readonly NoteOf<"mounted">[], read: readonly NoteOf<"read">[]): Span[] {
  const spans: Span[] = [];
  for (const { scenario, disrupted, at, generation } of mounted) {
    const name = lossWords[scenario];
    if (name === undefined) continue;
    const end = read.find((note) => note.generation === generation)?.at ?? at;
    const last = spans.at(-1);
    if (last?.name === name) spans[spans.length - 1] = { ...last, end };
    else spans.push({ name, start: disrupted, end });
  }
  return spans;
}

/**
 * Largest difference between a pod's start and its first observation, in milliseconds. If it is larger, the
 * pod's clock differs.
 */
const LONGEST_START = 120_000;

/** Returns the phases of the pods, in milliseconds from the start of the run. */
export function evaluateTimeline(evidence: Evidence): Span[] {
  const journal = evidence.journals.get(PRODUCER);
  const started = notesOf(journal, "started").at(0);
  if (started === undefined) return [];
  const phases = notesOf(journal, "phase");
  const phase = (name: string): number | undefined => phases.find((note) => note.name === name)?.at;
  const losses = lossSpans(notesOf(journal, "mounted"), notesOf(evidence.journals.get(READER), "read"));
  const disappeared = notesOf(journal, "disappeared").at(0)?.at;
  const between = (name: string, start: number | undefined, end: number | undefined): Span[] =>
    start === undefined || end === undefined ? [] : [{ name, start, end }];
  const spans = [
    ...between("containers start", started.at, phase("matrix")),
    ...between("visibility matrix", phase("matrix"), phase("recovery")),
    ...losses,
    ...between("speed", phase("speed"), phase("disappearance")),
    ...between("orderly stop", phase("disappearance"), disappeared),
  ];
  // The uptime clock has another zero, and a wrong clock can have any: in these cases the examination begins
  // when it was first observed.
  const comparable =
    started.clock === "realtime" && Math.abs(started.at * 1000 - evidence.examined) < LONGEST_START;
  const zero = comparable ? evidence.start / 1000 : started.at - (evidence.examined - evidence.start) / 1000;
  const milliseconds = (at: number): number => Math.max(0, Math.round((at - zero) * 1000));
  return spans.map(({ name, start, end }) => ({ name, start: milliseconds(start), end: milliseconds(end) }));
}
