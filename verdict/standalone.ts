import type { V1Pod } from "@kubernetes/client-node";
import type { CommandLine } from "./arguments";
import { findProblem, type Judgement } from "./decide";
import { judge, type Judged } from "./judge";
import type { Observation, Question } from "./observation";
import { apiMessage, type Client, connect } from "./observer/client";
import { aheadOfServer } from "./observer/clock";

/** How often to look for the pods of a test that is just being started, in milliseconds. */
const LOOK_MILLISECONDS = 500;

/** A test that was found on a cluster. */
export interface FoundTest {
  readonly question: Question;
  /** When its first pod was made, milliseconds since 1970. */
  readonly start: number;
}

function runOf(pod: V1Pod): string {
  return pod.metadata?.labels?.["fuse-test/run"] ?? "";
}

/** The client's lists hold dates, its watches hold text. */
function createdAt(pod: V1Pod): number {
  const created: Date | string = pod.metadata?.creationTimestamp ?? "";
  return new Date(created).getTime() || 0;
}

/** Finds out what a test's pods were asked to do, by their labels and specs; undefined where there is no pod. */
export function describeTest(
  pods: readonly V1Pod[],
  wanted: Pick<CommandLine, "namespace" | "run" | "node" | "timeoutSeconds">,
): FoundTest | undefined {
  const known = pods.filter((pod) => runOf(pod) !== "");
  const youngest = [...known].sort((a, b) => createdAt(b) - createdAt(a))[0];
  const run = wanted.run ?? (youngest && runOf(youngest));
  const ours = known.filter((pod) => runOf(pod) === run);
  const pod = ours.find(({ metadata }) => metadata?.labels?.["fuse-test/role"] === "producer") ?? ours[0];
  if (run === undefined || pod === undefined) return undefined;
  const container = pod.spec?.containers[0];
  const bridge = pod.spec?.volumes?.find(({ name }) => name === "bridge");
  return {
    start: Math.min(...ours.map(createdAt)),
    question: {
      run,
      node: wanted.node ?? pod.spec?.nodeName ?? "",
      namespace: wanted.namespace,
      driver: container?.env?.find(({ name }) => name === "DRIVER")?.value ?? "unknown",
      image: container?.image ?? "",
      hostPath: bridge?.hostPath?.path ?? "",
      timeoutSeconds: wanted.timeoutSeconds,
    },
  };
}

async function findTest(client: Client, line: CommandLine, deadline: number): Promise<FoundTest> {
  const { namespace } = line;
  const labelSelector = "app.kubernetes.io/name=fuse-test";
  for (;;) {
    const { data, headers } = await client.core.listNamespacedPodWithHttpInfo({ namespace, labelSelector });
    const found = describeTest(data.items, line);
    if (found !== undefined) {
      // Pods are dated by the API server's clock, and everything else of the run by this machine's.
      return { ...found, start: found.start + aheadOfServer(headers.date, Date.now()) };
    }
    if (Date.now() >= deadline) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
  throw new NoTestError(
    `no pod of ${line.run === undefined ? "the test" : `run ${line.run}`} in namespace ${namespace} within ${line.timeoutSeconds} s: ` +
      `expected pods with the labels ${labelSelector} and fuse-test/run. Start the test, or name its namespace: --namespace NAME`,
  );
}

/** There is nothing to judge. */
class NoTestError extends Error {}

const unseen = {
  facts: undefined,
  report: { events: [], conclusion: undefined, strangeLines: [] },
  logEnded: false,
} as const;

/** The verdict where the cluster does not even say which test there is. */
function judgeRefusal(error: unknown, line: CommandLine, start: number): Judged {
  const { namespace, timeoutSeconds } = line;
  const observation: Observation = {
    question: {
      run: line.run ?? `unknown-${new Date(start).toISOString().replace(/\W/g, "")}`,
      node: line.node ?? "unknown",
      namespace,
      driver: "unknown",
      image: "",
      hostPath: "",
      timeoutSeconds,
    },
    start,
    now: Date.now(),
    deadline: Infinity,
    node: undefined,
    pods: { producer: unseen, consumer: unseen, control: unseen },
    messages: [apiMessage(error, "pods")],
    tolerations: undefined,
    interrupted: false,
  };
  const judgement: Judgement | undefined = findProblem(observation);
  if (judgement === undefined) throw error instanceof Error ? error : new Error(String(error));
  return { judgement, observation };
}

export interface StandaloneOptions {
  readonly line: CommandLine;
  readonly signal: AbortSignal;
  readonly onProgress: (waitingFor: string) => void;
}

/** What the verdict command found by itself, with the client that it used. */
export interface StandaloneResult extends Judged {
  readonly client: Client;
}

/**
 * Judges a test that somebody else started.
 * @throws Error in one line where there is no such test, or no such kubeconfig or context.
 */
export async function judgeAlone({ line, signal, onProgress }: StandaloneOptions): Promise<StandaloneResult> {
  const client = connect(line);
  const now = Date.now();
  const deadline = now + line.timeoutSeconds * 1000;
  onProgress(`a pod of the test in namespace ${line.namespace}`);
  let found: FoundTest;
  try {
    found = await findTest(client, line, deadline);
  } catch (error) {
    if (error instanceof NoTestError) throw error;
    return { ...judgeRefusal(error, line, now), client };
  }
  return { ...(await judge({ client, ...found, deadline, signal, onProgress })), client };
}
