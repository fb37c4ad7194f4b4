// Guards `pulumi stack output`: a verdict is never older than the run that it is read for.
import type { Unfinished } from "./update-log";

/** Handling of outputs that are older than the last update. */
export interface JudgedOutputs {
  readonly words: string;
  /** True if they must not be shown. */
  readonly withheld: boolean;
}

/** Returns the run that outputs name, and when it started; undefined if they name none. */
function runOf(outputs: unknown): { readonly id: string; readonly start: string } | undefined {
  const run = (outputs as { readonly run?: Readonly<Record<string, unknown>> | null } | null | undefined)
    ?.run;
  return typeof run?.start === "string" ? { id: String(run.id), start: run.start } : undefined;
}

/**
 * Decides what to do with a stack's outputs if a later update than theirs did not succeed.
 * @returns undefined if the outputs are the update's own.
 */
export function judgeOutputs(update: Unfinished, outputs: unknown): JudgedOutputs | undefined {
  const run = runOf(outputs);
  if (run === undefined || !(Date.parse(run.start) < update.began)) return undefined;
  const which = `the last update, of ${new Date(update.began).toISOString()},`;
  const whose = `the outputs are of run ${run.id}, of ${run.start}`;
  if (update.how !== "was killed") return { withheld: false, words: `${which} ${update.how}: ${whose}` };
  return { withheld: true, words: `${which} was killed and gave no verdict: ${whose}. Run: npx pulumi up` };
}
