import assert from "node:assert/strict";
import { FLUX_NAME } from "../../../gitops/flux";
import type { Files } from "../rendered";
import { type Flux, readyOf } from "./flux";

/** Seconds within which the controller reports how a run ended: the Job's deadline, and its own interval. */
const VERDICT_SECONDS = 180;

/** The condition Ready of the Kustomization. */
export interface Ready {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Waits until the Kustomization of the test has reconciled a revision, and returns its condition Ready. */
export async function readyFor(flux: Flux, revision: string): Promise<Ready> {
  const state = await flux.waitFor(FLUX_NAME, VERDICT_SECONDS, (one) => readyOf(one, revision) !== undefined);
  const { status, reason, message } = readyOf(state, revision) ?? { status: "", reason: "", message: "" };
  return { status, reason, message };
}

/** Commits files, and returns the condition Ready of the Kustomization of the test for the commit. */
export async function commitAndWait(flux: Flux, files: Files, message: string): Promise<Ready> {
  return readyFor(flux, await flux.commit(files, message));
}

/** Commits files, and asserts that the Kustomization is ready, which is SUCCESS. */
export async function commitSuccess(flux: Flux, files: Files, message: string): Promise<void> {
  const ready = await commitAndWait(flux, files, message);
  assert.deepEqual([ready.status, ready.reason], ["True", "ReconciliationSucceeded"], ready.message);
}
