import { setTimeout as sleep } from "node:timers/promises";
import { equal, isProperties, type Properties, type Value } from "../rpc/values";
import { type Awaiting, hasValueAt } from "./awaiting";
import { annotationsOf } from "./objects";

/** How long to wait for an object where nothing else is said, in seconds; as the official plugin. */
const DEFAULT_TIMEOUT = 600;

/** How long to wait between two looks, in milliseconds: the first, and the longest. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 200;

/** Thrown when what was waited for did not happen in time. */
export class DeadlineError extends Error {}

/** How long to wait for an object, in seconds: `customTimeouts`, then the annotation, then ten minutes. */
export function timeoutOf(inputs: Properties, customTimeout: number): number {
  if (customTimeout > 0) return customTimeout;
  const annotated = Number(annotationsOf(inputs)["pulumi.com/timeoutSeconds"]);
  return annotated > 0 ? annotated : DEFAULT_TIMEOUT;
}

/** What to look for, how, and how long. */
export interface Wait<Result> {
  /** The result, or why there is none yet. */
  readonly look: () => Promise<{ readonly done: Result } | { readonly pending: string }>;
  /** In seconds. */
  readonly timeout: number;
  /** What the waiting is for, e.g. "to be deleted". */
  readonly purpose: string;
  readonly cancelled: AbortSignal;
}

/**
 * Looks again and again until there is a result.
 * @throws DeadlineError when there is none in time, and an AbortError when cancelled.
 */
export async function until<Result>({ look, timeout, purpose, cancelled }: Wait<Result>): Promise<Result> {
  const deadline = Date.now() + timeout * 1000;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const found = await look();
    if ("done" in found) return found.done;
    if (Date.now() + pause > deadline) {
      throw new DeadlineError(
        `timed out after ${timeout} s waiting for the object ${purpose}: ${found.pending}`,
      );
    }
    await sleep(pause, undefined, { signal: cancelled });
  }
}

/** Whether an object does what it is for: ready, or why not, or that it never will be. */
export type Readiness =
  { readonly ready: true } | { readonly ready: false; readonly reason: string; readonly final: boolean };

const READY: Readiness = { ready: true };

function statusOf(live: Properties): Properties {
  return isProperties(live.status) ? live.status : {};
}

function podReadiness(live: Properties): Readiness {
  const { phase, conditions, reason, message } = statusOf(live);
  if (phase === "Succeeded") return READY;
  const text = (value: Value | undefined): string => (typeof value === "string" ? value : "");
  if (phase === "Failed") {
    return { ready: false, reason: `the pod failed: ${text(reason)} ${text(message)}`.trim(), final: true };
  }
  const list = Array.isArray(conditions) ? conditions.filter(isProperties) : [];
  if (list.some(({ type, status }) => type === "Ready" && status === "True")) return READY;
  const why = list.find(({ status }) => status === "False");
  const details = why === undefined ? "" : `: ${text(why.reason)} ${text(why.message)}`.trimEnd();
  return { ready: false, reason: `the pod is ${text(phase) || "new"}${details}`, final: false };
}

function quotaReadiness(live: Properties): Readiness {
  const spec = isProperties(live.spec) ? live.spec : {};
  if (equal(spec.hard ?? {}, statusOf(live).hard ?? {})) return READY;
  return { ready: false, reason: "the quota is not enforced yet", final: false };
}

/** Whether a live object is ready: by its kind, or by a path. Kinds that have nothing to wait for are so at once. */
export function readiness(live: Properties, ready: Awaiting["ready"] = "kind"): Readiness {
  if (ready === "nothing") return READY;
  if (ready !== "kind") {
    const reason = `there is no value at .${ready.path.join(".")}`;
    return hasValueAt(live, ready.path) ? READY : { ready: false, reason, final: false };
  }
  if (live.kind === "Pod") return podReadiness(live);
  return live.kind === "ResourceQuota" ? quotaReadiness(live) : READY;
}
