import type { Observation, Question } from "./observation";
import type { Check } from "../protocol/verdict";
import { type Decision, decide, type Judgement } from "./decide";
import type { Client } from "../kube/client";
import { Observer } from "./observer/observer";
import { type ExpectedTest, expectedTest } from "./origin/expected";
import { newlyDecided } from "../protocol/progress";

/** How long to look for further causes once one is certain, in milliseconds: the first seen need not be the root. */
const SETTLE_MILLISECONDS = 1000;

/** How often the deadline is looked at when nothing happens, in milliseconds. */
const TICK_MILLISECONDS = 250;

export interface JudgeOptions {
  readonly client: Client;
  readonly question: Question;
  /** Milliseconds since 1970: the zero of the run. */
  readonly start: number;
  /** When to give up, milliseconds since 1970. */
  readonly deadline: number;
  /** Aborted when the command is told to stop: the verdict is then an ERROR, `interrupted`. */
  readonly signal: AbortSignal;
  /** Called whenever what is waited for is another thing. */
  readonly onProgress: (waitingFor: string) => void;
  /** Called for each check that has passed, and at the end for the others. */
  readonly onCheck?: (check: Check) => void;
  /** What the pods must be; absent means what this version ships. */
  readonly expected?: ExpectedTest;
}

/** A judgement with everything that it was made from. */
export interface Judged {
  readonly judgement: Judgement;
  readonly observation: Observation;
  /** From when on the verdict could be said, milliseconds since 1970; undefined where nobody knows. */
  readonly decisive: number | undefined;
}

/**
 * Watches a run until the verdict on it is certain. The deadline in the question bounds it: the cause
 * `timed-out` makes every run certain in the end.
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
    let told = "";
    let due: NodeJS.Immediate | undefined;
    // What arrives together is judged once.
    const onChange = (): void => {
      due ??= setImmediate(() => {
        due = undefined;
        evaluate();
      });
    };
    const observer = new Observer({ client, question, start, deadline, expected, signal, onChange });
    const tick = setInterval(evaluate, TICK_MILLISECONDS);

    function tellChecks(checks: readonly Check[]): void {
      for (const check of newlyDecided(decided, checks)) onCheck?.(check);
    }

    function finish(judged: Judged): void {
      tellChecks(judged.judgement.checks);
      clearInterval(tick);
      clearTimeout(settling);
      resolve(judged);
    }

    function evaluate(): void {
      const observation = observer.observation();
      const decision: Decision = decide(observation);
      if (!decision.certain) {
        // What has not passed may still do so, until the verdict is certain.
        tellChecks(decision.checks.filter(({ passed }) => passed !== false));
        if (decision.waitingFor !== told) onProgress((told = decision.waitingFor));
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
      // A decision that does not hold was made too early: what was missing has come.
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
