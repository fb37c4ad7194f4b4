import type { V1Pod } from "../toolchain/kubernetes-client.cjs";
import {
  JANITOR_NAME,
  janitorManifest,
  type JanitorOptions,
  JANITOR_PROGRAMS_NAME,
  janitorProgramsManifest,
} from "../manifests/janitor";
import type { Cluster } from "./cluster";
import { janitorImages, type NodeObject } from "./node-state";
import { type JanitorOutcome, parseJanitorLog } from "./outcome";
import { until, within } from "./patience";
import type { CleanRequest } from "./request";

/** How long a janitor may take to start and to end, in seconds. */
const ATTEMPT_SECONDS = 30;

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

async function removeJanitor(cluster: Cluster, namespace: string): Promise<void> {
  const pod = await cluster.pod(namespace, JANITOR_NAME);
  if (pod === undefined) return;
  // One that has ended has nothing to put in order; one that never did is taken out of the API.
  await cluster.deletePod(pod, 0);
  await until(within(ATTEMPT_SECONDS), async () =>
    (await cluster.pod(namespace, JANITOR_NAME)) === undefined ? true : undefined,
  );
}

async function attempt(cluster: Cluster, request: CleanRequest, options: JanitorOptions): Promise<Attempt> {
  const { namespace } = request;
  await removeJanitor(cluster, namespace);
  await cluster.createPod(janitorManifest(request, options));
  try {
    let last: V1Pod | undefined;
    const ended = await until(within(ATTEMPT_SECONDS), async () => {
      last = await cluster.pod(namespace, JANITOR_NAME);
      return last === undefined ? ({ end: "gone", message: "" } as const) : attemptEnd(last);
    });
    if (ended?.end === "not-started") return { end: "not-started", message: ended.message };
    if (ended?.end === "ended") return { end: "finished", log: await cluster.log(namespace, JANITOR_NAME) };
    const message =
      ended?.end === "gone"
        ? "somebody deleted the janitor's pod"
        : `the janitor did not end within ${ATTEMPT_SECONDS} s: its pod is ${last?.status?.phase ?? "unknown"}`;
    return { end: "no-answer", message };
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
 * Runs the janitor on a node that answers, with another image or propagation where the first does not start.
 * @throws what the API answers if it refuses the pod.
 */
export async function runJanitor(
  cluster: Cluster,
  request: CleanRequest,
  node: NodeObject | undefined,
  { occupied }: Pick<JanitorOptions, "occupied">,
): Promise<JanitorResult> {
  await cluster.putConfigMap(janitorProgramsManifest(request.namespace));
  try {
    let problem = "";
    for (const image of janitorImages(node, request.image)) {
      for (const mountPropagation of ["Bidirectional", "None"] as const) {
        const result = await attempt(cluster, request, { image, mountPropagation, occupied });
        if (result.end === "finished") return { outcome: parseJanitorLog(result.log, request.run) };
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
