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

/** How long a janitor may take to start and to end, in seconds. */
const ATTEMPT_SECONDS = 30;

/**
 * How much longer it may take on a node that goes on being Ready, in seconds. After an outage of the API server a
 * kubelet waits up to half a minute, and as much again by chance, before it asks for its pods (client-go's reflector).
 */
const SLOW_KUBELET_SECONDS = 60;

/** How a janitor is run. */
export interface JanitorRun extends Pick<JanitorOptions, "runs"> {
  /** How long it may take to start and to end, in seconds; usual if absent. */
  readonly seconds?: number;
  /** Whether to wait for a kubelet that is slow to come back to an API server that was away. */
  readonly slow: boolean;
}

type AttemptOptions = JanitorOptions & JanitorRun;

/** How one attempt ended. */
export type Attempt =
  | { readonly end: "finished"; readonly log: string }
  /** Another image or another propagation may do. */
  | { readonly end: "not-started"; readonly message: string }
  /** The kubelet said nothing about the pod, or not its end. */
  | { readonly end: "no-answer"; readonly message: string };

const STARTING = new Set(["ContainerCreating", "PodInitializing"]);

/** What a pod's status says of its end; undefined while it may still come. */
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

/** Takes a janitor's pod out of the API, whatever it does; nothing happens where there is none. */
export async function removeJanitor(cluster: Cluster, namespace: string): Promise<void> {
  const pod = await cluster.pod(namespace, JANITOR_NAME);
  if (pod === undefined) return;
  // One that has ended has nothing to put in order; one that never did is taken out of the API.
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

/** Waits for the janitor's end, and for longer while its node is Ready; undefined if it did not come to it. */
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

/** @param begun is called as soon as the janitor's pod exists. */
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
        // Another image may have what this one lacks.
        return failure === undefined
          ? { end: "finished", log }
          : { end: "not-started", message: `in the image ${options.image}, ${failure}` };
      }
      case "gone":
        return { end: "no-answer", message: "somebody deleted the janitor's pod" };
      case undefined:
        return {
          end: "no-answer",
          message: `the kubelet of ${node} did not bring the janitor to its end in time`,
        };
    }
  } finally {
    await removeJanitor(cluster, namespace);
  }
}

/** What came of all attempts. */
export type JanitorResult =
  | { readonly outcome: JanitorOutcome }
  /** The janitor did not get to the node's /tmp, and why. */
  | { readonly problem: string };

/**
 * Runs the janitor once, in the way that nearly every node allows.
 * @param options.begun is called as soon as its pod exists.
 * @returns undefined if it did not finish.
 * @throws what the API answers if it refuses something.
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
 * Runs the janitor on a node that answers, with another image or propagation where the first does not start.
 * @throws what the API answers if it refuses the pod.
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
