import type { Check, Verdict } from "../../protocol/verdict";
import type { Cell, Examination } from "../../protocol/suite-result";
import { OTHER_UID } from "../../config/visibility-matrix";
import { runAgain } from "../cause";
import { pageOf } from "../words";

/**
 * Returns the millisecond at which a phase of the timeline finished; the whole run's length if the phase is
 * absent.
 */
function endOf(examination: Examination, name: string, otherwise: number): number {
  return examination.timeline.findLast((span) => span.name === name)?.end ?? otherwise;
}

function checksOf(examination: Examination, total: number): Check[] {
  const matrix = endOf(examination, "visibility matrix", total);
  return [
    ...examination.cells.map(({ id, title, expected, observed, passed }) => ({
      name: `matrix/${id}`,
      expected: `${title}: ${expected}`,
      observed,
      passed,
      milliseconds: matrix,
    })),
    ...examination.scenarios.map(({ name, title, observed, passed }) => ({
      name: `recovery/${name}`,
      expected: `${title}: the same running consumer reads the new mount, and mounts do not stack`,
      observed,
      passed,
      milliseconds: total,
    })),
    ...examination.disappearance.map(({ where, expected, observed, passed }) => ({
      name: `disappearance/${where.split(",")[0] ?? where}`,
      expected: `after an orderly stop: ${expected}`,
      observed,
      passed,
      milliseconds: endOf(examination, "orderly stop", total),
    })),
  ];
}

/**
 * Returns true for a failed cell that is a negative control: without it no other cell proves anything. For a container's
 * own mount that is one that propagates although it must not, and one that a privileged root could not even make.
 */
function isNegative({ kind, propagation, privileged, uid, started, finding }: Cell): boolean {
  if (kind === "reverse") {
    const mayMount = privileged === true && uid === 0;
    return finding === "propagated" || (mayMount && propagation !== "Bidirectional");
  }
  return kind === "visibility" && propagation === "None" && started === "before";
}

/**
 * Returns true for the consumer that the verdict is about: an ordinary pod with another user than the mount's
 * owner.
 */
function isOrdinary({ kind, propagation, privileged, uid, allowOther }: Cell): boolean {
  const ordinary = propagation === "HostToContainer" && privileged === false && uid === OTHER_UID;
  return kind === "visibility" && ordinary && allowOther === true;
}

/** Causes of the ordinary consumer's findings; every other finding is a content-mismatch. */
const causes: Readonly<Partial<Record<NonNullable<Cell["finding"]>, string>>> = {
  denied: "access-denied",
  hung: "mount-hung",
  absent: "not-propagated",
  "no-sentinel": "not-propagated",
};

type Answer = Pick<Verdict, "verdict" | "cause" | "summary" | "nextSteps">;

/** Returns the answer that replaces a SUCCESS of the quick test, if the examination contradicts it. */
function objection(examination: Examination, report: string, unread: boolean): Answer | undefined {
  const failed = examination.cells.filter(
    ({ passed, finding }) => passed === false && finding !== "not-observed",
  );
  const negative = failed.find(isNegative);
  const answer = (verdict: Verdict["verdict"], cause: string, summary: string): Answer => ({
    verdict,
    cause,
    summary: `${summary}. See ${pageOf(cause)}`,
    nextSteps: [`Read what was observed, and what was expected: ${report}`, runAgain],
  });
  if (negative !== undefined) {
    return answer(
      "ERROR",
      "control-failed",
      `A negative control of the matrix failed (${negative.title}): it ${negative.observed}`,
    );
  }
  const ordinary = failed.find(isOrdinary);
  if (ordinary !== undefined) {
    return answer(
      "FAILURE",
      (ordinary.finding && causes[ordinary.finding]) ?? "content-mismatch",
      `The consumer of the matrix (${ordinary.title}): ${ordinary.observed}`,
    );
  }
  if (examination.problem !== "") {
    return answer(
      "ERROR",
      unread ? "observation-failed" : "timed-out",
      `The quick test passed, but the examination was not finished: ${examination.problem}`,
    );
  }
  return undefined;
}

function furtherSteps(examination: Examination, report: string): string[] {
  const deviating = examination.cells.filter(({ passed }) => passed === false).length;
  return [
    ...(examination.outcome === "needs-liveness-probe"
      ? [`Give each consumer a liveness probe: its YAML is in ${report}/report.md`]
      : []),
    ...(deviating === 0
      ? []
      : [`Check the ${deviating} cells of the matrix that differ from the expectation: ${report}`]),
  ];
}

/**
 * Adds the examination to the quick test's verdict. Its checks join the others. A SUCCESS stays one unless a
 * negative control fails, the ordinary consumer does not see the mount, or the examination is not finished;
 * any other difference from the expectation is an additional finding.
 * @param unread true if only a part of a container's log is missing.
 */
export function conclude(quick: Verdict, examination: Examination, now: Date, unread = false): Verdict {
  const total = Math.max(0, now.getTime() - Date.parse(quick.run.start));
  const objected = quick.verdict === "SUCCESS" ? objection(examination, quick.report, unread) : undefined;
  const answer = objected ?? {
    verdict: quick.verdict,
    cause: quick.cause,
    summary: `${quick.summary}. ${examination.summary}`,
    nextSteps: [...furtherSteps(examination, quick.report), ...quick.nextSteps],
  };
  return {
    ...quick,
    ...answer,
    checks: [...quick.checks, ...checksOf(examination, total)],
    timings: { ...quick.timings, verdict: total },
    run: { ...quick.run, end: now.toISOString() },
  };
}
