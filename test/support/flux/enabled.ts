import assert from "node:assert/strict";
import { FLUX_NAME } from "../../../gitops/flux";
import type { Files } from "../rendered";
import { type Flux, readyOf } from "./flux";

/** Seconds within which the controller says how a run went: the Job's deadline, and its own pace. */
export const VERDICT_SECONDS = 180;

/** What the Kustomization says of a commit. */
export interface Said {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Waits for what the Kustomization of the test says of a revision, once it has come to an end. */
export async function saidOf(flux: Flux, revision: string): Promise<Said> {
  const state = await flux.waitFor(FLUX_NAME, VERDICT_SECONDS, (one) => readyOf(one, revision) !== undefined);
  const { status, reason, message } = readyOf(state, revision) ?? { status: "", reason: "", message: "" };
  return { status, reason, message };
}

/** Commits files, and returns what the Kustomization of the test says of the commit. */
export async function commitAndHear(flux: Flux, files: Files, message: string): Promise<Said> {
  return saidOf(flux, await flux.commit(files, message));
}

/** Commits files, and asserts that the Kustomization is ready, which is SUCCESS. */
export async function commitSuccess(flux: Flux, files: Files, message: string): Promise<void> {
  const said = await commitAndHear(flux, files, message);
  assert.deepEqual([said.status, said.reason], ["True", "ReconciliationSucceeded"], said.message);
}
