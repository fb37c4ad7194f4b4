import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Evidence } from "../../verdict/suites/evidence";
import type { Journal, Note } from "../../protocol/suite-log";

const file = join(__dirname, "..", "fixtures", "examination", "standard.json");

/** What a real run of the standard suite noted, by container. */
function recorded(): Map<string, Journal> {
  return new Map(JSON.parse(readFileSync(file, "utf8")) as [string, Journal][]);
}

/** The evidence of a real run of the standard suite, with the notes of one container changed. */
export function standardEvidence(
  container = "",
  change: (note: Note) => Note | undefined = (note) => note,
): Evidence {
  const journals = recorded();
  const journal = journals.get(container);
  if (journal !== undefined) {
    journals.set(container, { ...journal, notes: journal.notes.flatMap((note) => change(note) ?? []) });
  }
  const first = journals.get("examination-producer")?.notes[0]?.at ?? 0;
  const start = Math.round(first * 1000) - 1000;
  return { suite: "standard", start, examined: start + 500, journals, refusals: [], givenUp: "" };
}
