import type { Awaiting } from "./awaiting";
import { ApiError, type Client } from "./client";
import { pathOf, type Place } from "./kinds";
import type { Properties, Value } from "../rpc/values";
import { DeadlineError, readiness, until } from "./wait";

const NOT_FOUND = 404;
const FORBIDDEN = 403;
const CONFLICT = 409;

/** How long to repeat what fails only because a namespace is new, in seconds. */
const NAMESPACE_SETTLES = 15;

/** Where an object is, and how long to work on it. */
export interface Work {
  readonly client: Client;
  readonly place: Place;
  /** In seconds. */
  readonly timeout: number;
  readonly cancelled: AbortSignal;
}

/** The object as it is, or undefined. */
export async function get({ client, place, cancelled }: Work): Promise<Properties | undefined> {
  try {
    return await client({ method: "GET", path: pathOf(place), signal: cancelled });
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_FOUND) return undefined;
    throw error;
  }
}

/** Whether an error only says that a namespace was made a moment ago: its service account follows. */
function willSettle(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  return error.status === FORBIDDEN && /serviceaccount "[^"]*" not found/u.test(error.message);
}

/** What a field manager wants an object to be. */
export interface Apply {
  readonly object: Properties;
  readonly manager: string;
  /** Whether to take over fields that others manage. */
  readonly force: boolean;
}

/** Applies an object by server-side apply, and returns what became of it. */
export async function apply(work: Work, { object, manager, force }: Apply): Promise<Properties> {
  const query = new URLSearchParams({ fieldManager: manager, force: String(force) });
  const path = `${pathOf(work.place)}?${query.toString()}`;
  return until({
    purpose: "to be accepted",
    timeout: Math.min(work.timeout, NAMESPACE_SETTLES),
    cancelled: work.cancelled,
    look: async () => {
      try {
        const contentType = "application/apply-patch+yaml";
        return {
          done: await work.client({
            method: "PATCH",
            path,
            body: object,
            contentType,
            signal: work.cancelled,
          }),
        };
      } catch (error) {
        if (willSettle(error)) return { pending: error.message };
        throw explained(error);
      }
    },
  });
}

function explained(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.status !== CONFLICT || !/conflict/iu.test(error.message))
    return error;
  return new ApiError(
    `server-side apply field conflict: ${error.message}; to take over these fields, set the annotation pulumi.com/patchForce: "true"`,
    error.status,
  );
}

/** Waits until an object is ready, and returns it, or why it is not. */
export async function awaitReady(
  work: Work,
  first: Properties,
  ready: Awaiting["ready"],
): Promise<{ readonly live: Properties; readonly problem?: string }> {
  let live = first;
  try {
    return await until<{ readonly live: Properties; readonly problem?: string }>({
      purpose: "to be ready",
      timeout: work.timeout,
      cancelled: work.cancelled,
      look: async () => {
        const state = readiness(live, ready);
        if (state.ready) return { done: { live } };
        if (state.final) return { done: { live, problem: state.reason } };
        live = (await get(work)) ?? live;
        return { pending: state.reason };
      },
    });
  } catch (error) {
    if (error instanceof DeadlineError) return { live, problem: error.message };
    if (work.cancelled.aborted)
      return { live, problem: "the waiting for the object to be ready was cancelled" };
    throw error;
  }
}

/** Whose objects go first when an object is deleted. */
export type Propagation = "Background" | "Foreground" | "Orphan";

export interface Removal {
  readonly propagation: Propagation;
  /** Whether to wait until the object is gone. */
  readonly wait: boolean;
}

/**
 * Deletes an object. That there is none is no error.
 * @throws Error when it is waited for, and still there at the deadline, with what holds it.
 */
export async function remove(work: Work, { propagation, wait }: Removal): Promise<void> {
  const { client, place, timeout, cancelled } = work;
  let uid: Value | undefined;
  try {
    uid = uidOf(await get(work));
    if (uid === undefined) return;
    // This very object: one that has taken its name since is somebody else's.
    const options = { propagationPolicy: propagation, preconditions: { uid } };
    const body = { apiVersion: "v1", kind: "DeleteOptions", ...options };
    await client({ method: "DELETE", path: pathOf(place), body, signal: cancelled });
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_FOUND) return;
    // A conflict says that it goes already, or is another by now: looking at it tells which.
    if (!(error instanceof ApiError && error.status === CONFLICT)) throw error;
  }
  if (!wait) return;
  await until({
    purpose: "to be deleted",
    timeout,
    cancelled,
    look: async () => {
      const live = await get(work);
      // Another object of this name means that the one to delete is gone.
      return live === undefined || uidOf(live) !== uid ? { done: undefined } : { pending: holder(live) };
    },
  });
}

function metadata(live: Properties): Properties {
  return live.metadata as Properties;
}

function uidOf(live: Properties | undefined): Value | undefined {
  return live === undefined ? undefined : metadata(live).uid;
}

/** What keeps a deleted object from going. */
function holder(live: Properties): string {
  const { finalizers } = metadata(live);
  const conditions = (live.status as { conditions?: { status?: string; message?: string }[] } | undefined)
    ?.conditions;
  const messages = (conditions ?? []).flatMap(({ status, message }) =>
    status === "True" && message !== undefined ? [message] : [],
  );
  const held = Array.isArray(finalizers)
    ? `its finalizers are ${JSON.stringify(finalizers)}`
    : "it is still there";
  return [held, ...messages].join("; ");
}
