import { evaluateCells } from "./cells";
import { type Evidence, PRODUCER } from "./evidence";
import { notesOf } from "../../protocol/suite-log";
import { livenessProbe } from "./liveness-probe";
import { evaluateLatency, evaluateScenarios } from "./recovery";
import type { Cell, Examination, Scenario } from "../../protocol/suite-result";
import { evaluateDaemon, evaluateSpeed } from "./speed";
import { READER } from "../../config/suites";
import { evaluateTimeline } from "./timeline";

function evaluateDisappearance(evidence: Evidence): Examination["disappearance"] {
  const producer = notesOf(evidence.journals.get(PRODUCER), "disappeared").at(0);
  const consumer = notesOf(evidence.journals.get(READER), "reader-end").at(0);
  const later = notesOf(evidence.journals.get(READER), "started-after-end").at(0);
  if (producer === undefined) return [];
  const left = (mounts: number, sentinel: boolean): string =>
    mounts > 0
      ? `${mounts} left`
      : sentinel
        ? "gone, with the directory underneath"
        : "gone, without the directory underneath";
  const expected = "gone, with the directory underneath";
  const row = (where: string, want: string, observed: string): Examination["disappearance"][number] => ({
    where,
    expected: want,
    observed,
    passed: observed === want,
  });
  const lookedAt = (note: { mounts: number; sentinel: boolean } | undefined): string =>
    note === undefined ? "not observed" : left(note.mounts, note.sentinel);
  return [
    row("producer", expected, lookedAt(producer)),
    row("consumer", expected, lookedAt(consumer)),
    row(
      "node, by a container that starts afterwards",
      "gone",
      later === undefined ? "not observed" : later.mounts === 0 ? "gone" : `${later.mounts} left`,
    ),
  ];
}

interface Problem {
  readonly problem: string;
  readonly notRecovered: boolean;
  /** True if the problem is that a log was not read completely. */
  readonly unread: boolean;
}

function problemOf({ journals, givenUp }: Evidence): Problem {
  const failures = [...journals.values()].flatMap((journal) => notesOf(journal, "failed"));
  const notRecovered = failures.some(({ stage }) => stage === "not-recovered");
  const other = failures.find(({ stage }) => stage !== "not-recovered");
  const stated = other === undefined ? givenUp : `${other.stage}: ${other.message}`;
  const missing = [PRODUCER, READER, ...journals.keys()].find(
    (name) => journals.get(name)?.complete !== true,
  );
  if (stated !== "" || missing === undefined || notRecovered)
    return { problem: stated, notRecovered, unread: false };
  const why = journals.get(missing)?.fault ?? "there is none";
  return { problem: `the journal in the log of ${missing} is not whole: ${why}`, notRecovered, unread: true };
}

/** Returns true if the examination lacks nothing but a part of a container's log. */
export function isUnread(evidence: Evidence): boolean {
  return problemOf(evidence).unread;
}

function summarise(
  outcome: Examination["outcome"],
  scenarios: readonly Scenario[],
  deviating: readonly Cell[],
): string {
  const cells =
    deviating.length === 0 ? "" : `. ${deviating.length} cells of the matrix differ from the expectation`;
  if (outcome === "incomplete") return `The examination could not be finished${cells}`;
  if (outcome === "recovers")
    return `A consumer that keeps running reads the mount again after every loss${cells}`;
  const broken = scenarios.filter(({ passed }) => !passed).map(({ title }) => title.toLowerCase());
  return `The mount propagates, but a consumer needs a liveness probe: it does not recover without a restart after: ${broken.join("; ")}${cells}`;
}

/** Evaluates the observations of the examination. */
export function evaluate(evidence: Evidence): Examination {
  const cells = evaluateCells(evidence);
  const scenarios = evaluateScenarios(evidence);
  const { problem, notRecovered } = problemOf(evidence);
  const stale = scenarios.some(({ times, passed }) => times > 0 && !passed);
  const outcome = problem !== "" ? "incomplete" : notRecovered || stale ? "needs-liveness-probe" : "recovers";
  return {
    suite: evidence.suite,
    outcome,
    summary: summarise(
      outcome,
      scenarios,
      cells.filter(({ passed }) => passed === false),
    ),
    problem: problem === "" ? "" : problem.slice(0, 500),
    clock:
      notesOf(evidence.journals.get(PRODUCER), "started").at(0)?.clock === "uptime"
        ? "/proc/uptime, 10 ms"
        : "the shell's EPOCHREALTIME, microseconds",
    cells,
    scenarios,
    latency: evaluateLatency(evidence),
    speed: evaluateSpeed(evidence),
    daemon: evaluateDaemon(evidence),
    disappearance: evaluateDisappearance(evidence),
    timeline: evaluateTimeline(evidence),
    livenessProbe,
  };
}
