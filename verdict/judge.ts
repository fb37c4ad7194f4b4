import { noPodSeen, type Observation, type Question } from "./observation";
import type { Check } from "../protocol/verdict";
import { type Decision, decide, findProblem, type Judgement } from "./decide";
import type { Client } from "../kube/client";
import { Observer } from "./observer/observer";
import { type ExpectedTest, expectedTest } from "./origin/expected";
import { newlyDecided } from "../protocol/progress";

/**
 * Time to watch for further causes once one is certain, in milliseconds: the first one seen need not be the
 * root.
 */
const SETTLE_MILLISECONDS = 1000;

/** Interval at which the deadline is checked, in milliseconds. */
const TICK_MILLISECONDS = 250;

export interface JudgeOptions {
  readonly client: Client;
  readonly question: Question;
  /** Milliseconds since 1970: the zero of the run. */
  readonly start: number;
  /** When to give up, milliseconds since 1970. */
  readonly deadline: number;
  /** Aborted when the command is interrupted: the verdict is then an ERROR, `interrupted`. */
  readonly signal: AbortSignal;
  /** Called whenever the subject of the wait changes. */
  readonly onProgress: (waitingFor: string) => void;
  /** Called for each check that has passed, and at the end for the others. */
  readonly onCheck?: (check: Check) => void;
  /** The pods that are expected; absent means those that this version ships. */
  readonly expected?: ExpectedTest;
}

/** A judgement with its observation. */
export interface Judged {
  readonly judgement: Judgement;
  readonly observation: Observation;
  /** When the verdict became certain, milliseconds since 1970; undefined if unknown. */
  readonly decisive: number | undefined;
}

/**
 * Judges what is known of a run of which no pod was observed; undefined if nothing of it stops the test.
 */
export function judgeWithoutPods(
  known: Pick<Observation, "question" | "start" | "messages"> &
    Partial<Pick<Observation, "node" | "tolerations">>,
): Judged | undefined {
  const observation: Observation = {
    ...{ now: Date.now(), deadline: Infinity, interrupted: false },
    ...{ pods: noPodSeen, channels: {}, node: undefined, programs: undefined, tolerations: undefined },
    ...known,
  };
  const found = findProblem(observation);
  return found && { ...found, observation };
}

/**
 * Watches a run until the verdict on it is certain. The deadline in the question limits it: the cause
 * `timed-out` makes every run certain eventually.
 */
export async function judge(options: JudgeOptions): Promise<Judged> {
  const watching = new AbortController();
  try {
    return await watch(options, watching.signal);
  } finally {
    watching.abort();
  }
}

function watch(options: JudgeOptions, signal: AbortSignal): Promise<Judged> {
  const { client, question, start, deadline, onProgress, onCheck } = options;
  const expected = options.expected ?? expectedTest(question);
  return new Promise((resolve) => {
    const decided = new Map<string, Check["passed"]>();
    let settling: NodeJS.Timeout | undefined;
    let shown = "";
    let due: NodeJS.Immediate | undefined;
    // Changes that arrive together are judged once.
    const onChange = (): void => {
      due ??= setImmediate(() => {
        due = undefined;
        evaluate();
      });
    };
    const observer = new Observer({ client, question, start, deadline, expected, signal, onChange });
    const tick = setInterval(evaluate, TICK_MILLISECONDS);

    function reportChecks(checks: readonly Check[]): void {
      for (const check of newlyDecided(decided, checks)) onCheck?.(check);
    }

    function finish(judged: Judged): void {
      reportChecks(judged.judgement.checks);
      clearInterval(tick);
      clearTimeout(settling);
      resolve(judged);
    }

    function evaluate(): void {
      const observation = observer.observation();
      const decision: Decision = decide(observation);
      if (!decision.certain) {
        // A check that has not passed may still pass, until the verdict is certain.
        reportChecks(decision.checks.filter(({ passed }) => passed !== false));
        if (decision.waitingFor !== shown) onProgress((shown = decision.waitingFor));
      } else if (decision.judgement.verdict === "SUCCESS" || observation.interrupted) {
        finish({ ...decision, observation });
      } else {
        settling ??= setTimeout(settle, SETTLE_MILLISECONDS);
      }
    }

    function settle(): void {
      settling = undefined;
      const observation = observer.observation();
      const decision = decide(observation);
      // The decision was premature if it does not hold: the missing observation has arrived.
      if (decision.certain) finish({ ...decision, observation });
      else evaluate();
    }

    options.signal.addEventListener(
      "abort",
      () => {
        observer.interrupt();
      },
      { once: true },
    );
    observer.start();
    if (options.signal.aborted) observer.interrupt();
  });
}
