import type { V1Pod } from "@kubernetes/client-node";
import {
  JANITOR_NAME,
  janitorManifest,
  type JanitorOptions,
  JANITOR_PROGRAMS_NAME,
  janitorProgramsManifest,
} from "../manifests/janitor";
import type { Cluster } from "./cluster-api";
import { janitorImages, type NodeObject, nodeState } from "../kube/node";
import { janitorFailure, type JanitorOutcome, parseJanitorLog } from "../protocol/janitor-log";
import { poll, within } from "../kube/wait";
import type { CleanRequest } from "../protocol/cleanup-request";

/** Time that a janitor may take to start and to finish, in seconds. */
const ATTEMPT_SECONDS = 30;

/**
 * Additional time on a node that stays Ready, in seconds. After an outage of the API server a kubelet waits
 * up to half a minute, and as much again by chance, before it lists its pods (client-go's reflector).
 */
const SLOW_KUBELET_SECONDS = 60;

export interface JanitorRun extends Pick<JanitorOptions, "runs"> {
  /** Time that it may take to start and to finish, in seconds; the default if absent. */
  readonly seconds?: number;
  /** True to wait for a kubelet that reconnects slowly after an outage of the API server. */
  readonly slow: boolean;
}

type AttemptOptions = JanitorOptions & JanitorRun;

type Attempt =
  | { readonly end: "finished"; readonly log: string }
  /** Another image or another propagation may work. */
  | { readonly end: "not-started"; readonly message: string }
  /** The kubelet reported nothing about the pod, or not that it has terminated. */
  | { readonly end: "no-answer"; readonly message: string };

const STARTING = new Set(["ContainerCreating", "PodInitializing"]);

/** Returns how a pod terminated, by its status; undefined while it is running or may still start. */
export function attemptEnd({
  status,
}: V1Pod): { readonly end: "ended" | "not-started"; message: string } | undefined {
  const [container] = status?.containerStatuses ?? [];
  const { waiting, terminated } = container?.state ?? {};
  if (waiting?.reason !== undefined && !STARTING.has(waiting.reason)) {
    return { end: "not-started", message: `${waiting.reason}: ${waiting.message ?? ""}` };
  }
  if (terminated?.startedAt !== undefined && terminated.reason !== "StartError") {
    return { end: "ended", message: `exit status ${terminated.exitCode}` };
  }
  if (terminated !== undefined || status?.phase === "Failed") {
    const reason = terminated?.reason ?? status?.reason ?? "Failed";
    return { end: "not-started", message: `${reason}: ${terminated?.message ?? status?.message ?? ""}` };
  }
  return undefined;
}

/** Deletes a janitor's pod from the API, whatever its state; does nothing if there is none. */
export async function removeJanitor(cluster: Cluster, namespace: string): Promise<void> {
  const pod = await cluster.pod(namespace, JANITOR_NAME);
  if (pod === undefined) return;
  // Without a grace period: a terminated pod has nothing to clean up, and one that never terminates is
  // deleted from the API.
  await cluster.deletePod(pod, 0);
  await poll(within(ATTEMPT_SECONDS), async () =>
    (await cluster.pod(namespace, JANITOR_NAME)) === undefined ? true : undefined,
  );
}

type PodEnd = NonNullable<ReturnType<typeof attemptEnd>> | { readonly end: "gone" };

async function podEnd(cluster: Cluster, namespace: string): Promise<PodEnd | undefined> {
  const pod = await cluster.pod(namespace, JANITOR_NAME);
  return pod === undefined ? { end: "gone" } : attemptEnd(pod);
}

/**
 * Waits until the janitor has terminated, and longer while its node is Ready; undefined if it did not
 * terminate in time.
 */
async function awaitEnd(
  cluster: Cluster,
  { namespace, node }: CleanRequest,
  { seconds = ATTEMPT_SECONDS, slow }: JanitorRun,
): Promise<PodEnd | undefined> {
  const ended = await poll(within(seconds), () => podEnd(cluster, namespace));
  if (ended !== undefined || !slow) return ended;
  const later = await poll(within(SLOW_KUBELET_SECONDS), async () => {
    const end = await podEnd(cluster, namespace);
    return end ?? (nodeState(await cluster.node(node)) === "ready" ? undefined : "node away");
  });
  return later === "node away" ? undefined : later;
}

/** Runs one attempt. @param begun is called as soon as the janitor's pod exists. */
async function attempt(
  cluster: Cluster,
  request: CleanRequest,
  options: AttemptOptions,
  begun?: () => Promise<void>,
): Promise<Attempt> {
  const { namespace, node } = request;
  await removeJanitor(cluster, namespace);
  await cluster.createPod(janitorManifest(request, options));
  try {
    await begun?.();
    const ended = await awaitEnd(cluster, request, options);
    switch (ended?.end) {
      case "not-started":
        return { end: "not-started", message: ended.message };
      case "ended": {
        const log = await cluster.log(namespace, JANITOR_NAME);
        const failure = janitorFailure(log);
        // Another image may have the missing programs.
        return failure === undefined
          ? { end: "finished", log }
          : { end: "not-started", message: `in the image ${options.image}, ${failure}` };
      }
      case "gone":
        return { end: "no-answer", message: "the janitor's pod was deleted by another client" };
      case undefined:
        return {
          end: "no-answer",
          message: `the janitor did not finish on ${node} in time`,
        };
    }
  } finally {
    await removeJanitor(cluster, namespace);
  }
}

/** Result of all attempts. */
export type JanitorResult =
  | { readonly outcome: JanitorOutcome }
  /** The janitor could not access the node's /tmp, and why. */
  | { readonly problem: string };

/**
 * Runs the janitor once, in the way that nearly every node allows.
 * @param options.begun is called as soon as its pod exists.
 * @returns undefined if it did not finish.
 * @throws the API server's error if it refuses a request.
 */
export async function runJanitorOnce(
  cluster: Cluster,
  request: CleanRequest,
  node: NodeObject | undefined,
  { runs, begun }: Pick<JanitorOptions, "runs"> & { readonly begun: () => Promise<void> },
): Promise<JanitorOutcome | undefined> {
  const [image = request.image] = janitorImages(node, request.image);
  await cluster.putConfigMap(janitorProgramsManifest(request.namespace));
  const options = { image, mountPropagation: "Bidirectional", runs, slow: false } as const;
  const result = await attempt(cluster, request, options, begun);
  if (result.end !== "finished") return undefined;
  const outcome = parseJanitorLog(result.log);
  return outcome.bridge === undefined ? undefined : outcome;
}

/**
 * Runs the janitor on a node that responds, with another image or propagation if the first one does not
 * start.
 * @throws the API server's error if it refuses the pod.
 */
export async function runJanitor(
  cluster: Cluster,
  request: CleanRequest,
  node: NodeObject | undefined,
  run: JanitorRun,
): Promise<JanitorResult> {
  await cluster.putConfigMap(janitorProgramsManifest(request.namespace));
  try {
    let problem = "";
    for (const image of janitorImages(node, request.image)) {
      for (const mountPropagation of ["Bidirectional", "None"] as const) {
        const result = await attempt(cluster, request, { ...run, image, mountPropagation });
        if (result.end === "finished") return { outcome: parseJanitorLog(result.log) };
        problem = result.message;
        if (result.end === "no-answer") return { problem };
        if (!problem.includes("not a shared mount")) break;
      }
    }
    return { problem };
  } finally {
    await cluster.deleteConfigMap(request.namespace, JANITOR_PROGRAMS_NAME);
  }
}
