import type { z } from "zod";
import type { CommandLine } from "./verdict-arguments";
import { type ClusterNames, namesOfConnection } from "../kube/connection";
import { poll } from "../kube/wait";
import { judge, type Judged, judgeWithoutPods } from "../verdict/judge";
import type { Question } from "../verdict/observation";
import { apiMessage, type Client, connect } from "../kube/client";
import { aheadOfServer } from "../verdict/observer/clock";
import { getObject } from "../kube/http";
import { podShape } from "../verdict/observer/shapes";
import { itemsOf } from "../kube/values";

/** Interval at which the pods of a test that is just being started are listed, in milliseconds. */
const LOOK_MILLISECONDS = 500;

/** Time limit of a list, in milliseconds. */
const LIST_MILLISECONDS = 10_000;

/** A test that was found on a cluster. */
export interface FoundTest {
  readonly question: Question;
  /** When its first pod was created, milliseconds since 1970. */
  readonly start: number;
}

interface KnownPod {
  readonly run: string;
  readonly role: string;
  readonly created: number;
  readonly spec: z.infer<typeof podShape>["spec"];
}

function knownPod(pod: unknown): KnownPod {
  const { metadata, spec } = podShape.parse(pod);
  const { "fuse-test/run": run, "fuse-test/role": role } = metadata.labels;
  return { run, role, created: metadata.creationTimestamp ?? 0, spec };
}

/** Returns what a test's pods were asked to do, by their labels and specs; undefined if there is no pod. */
export function describeTest(
  pods: readonly unknown[],
  wanted: Pick<CommandLine, "namespace" | "run" | "node" | "timeoutSeconds">,
): FoundTest | undefined {
  const known = pods.map(knownPod).filter(({ run }) => run !== "");
  const [youngest] = [...known].sort((a, b) => b.created - a.created);
  const run = wanted.run ?? youngest?.run;
  const ours = known.filter((pod) => pod.run === run);
  const pod = ours.find(({ role }) => role === "producer") ?? ours[0];
  if (run === undefined || pod === undefined) return undefined;
  const [container] = pod.spec.containers;
  const judges = container?.env.some(({ name }) => name === "JUDGE") === true;
  const bridge = pod.spec.volumes.find(({ name }) => name === "bridge");
  return {
    start: Math.min(...ours.map(({ created }) => created)),
    question: {
      run,
      ...(judges ? { judge: "consumer" as const } : {}),
      node: wanted.node ?? pod.spec.nodeName,
      namespace: wanted.namespace,
      driver: container?.env.find(({ name }) => name === "DRIVER")?.value ?? "unknown",
      image: container?.image ?? "",
      hostPath: bridge?.hostPath.path ?? "",
      timeoutSeconds: wanted.timeoutSeconds,
    },
  };
}

/** Describes the test that the command line selects. */
function describeWanted({ run, namespace }: CommandLine): string {
  return `${run === undefined ? "the test" : `run ${run}`} in namespace ${namespace}`;
}

async function findTest(
  client: Client,
  { line, signal }: Pick<StandaloneOptions, "line" | "signal">,
  deadline: number,
): Promise<FoundTest> {
  const { namespace } = line;
  const labelSelector = "app.kubernetes.io/name=fuse-test";
  const ask = {
    config: client.config,
    path: `/api/v1/namespaces/${namespace}/pods`,
    query: { labelSelector },
    signal,
  };
  const test = await poll({ until: deadline, intervalMilliseconds: LOOK_MILLISECONDS, signal }, async () => {
    const { data, date } = await getObject(ask, "PodList", LIST_MILLISECONDS);
    const found = describeTest(itemsOf(data.items), line);
    // Pods are dated by the API server's clock, and everything else of the run by this machine's.
    return found && { ...found, start: found.start + aheadOfServer(date, Date.now()) };
  });
  if (test !== undefined) return test;
  if (signal.aborted) throw stopped(line);
  throw new NoTestError(
    `no pod of ${describeWanted(line)} within ${line.timeoutSeconds} s: ` +
      `expected pods with the labels ${labelSelector} and fuse-test/run. Start the test, or name its namespace: --namespace NAME`,
  );
}

/** Error of a command that finds no test to judge. */
export class NoTestError extends Error {
  constructor(
    message: string,
    /** The cause that the verdict names. */
    readonly code: "timed-out" | "interrupted" = "timed-out",
  ) {
    super(message);
  }
}

function stopped(line: CommandLine): NoTestError {
  return new NoTestError(
    `interrupted before there was a pod of ${describeWanted(line)}. Run it again`,
    "interrupted",
  );
}

/** Returns the verdict if the pods cannot be listed, so that the test itself is unknown. */
function judgeRefusal(
  error: unknown,
  line: CommandLine,
  { start, cluster }: { readonly start: number; readonly cluster: ClusterNames },
): Judged {
  const { namespace, timeoutSeconds } = line;
  const found = judgeWithoutPods({
    question: {
      run: line.run ?? `unknown-${new Date(start).toISOString().replace(/\W/g, "")}`,
      cluster,
      node: line.node ?? "unknown",
      namespace,
      driver: "unknown",
      image: "",
      hostPath: "",
      timeoutSeconds,
    },
    start,
    messages: [apiMessage(error, "pods")],
  });
  if (found === undefined) throw error instanceof Error ? error : new Error(String(error));
  return found;
}

export interface StandaloneOptions {
  readonly line: CommandLine;
  readonly signal: AbortSignal;
  readonly onProgress: (waitingFor: string) => void;
}

/** A test that the verdict command found, with the client that it used. */
export interface StandaloneResult extends Judged {
  readonly client: Client;
}

/**
 * Judges a test that another program started.
 * @throws Error in one line if there is no such test, or no such kubeconfig or context.
 */
export async function judgeAlone({ line, signal, onProgress }: StandaloneOptions): Promise<StandaloneResult> {
  const client = connect(line);
  const cluster = namesOfConnection(client.config.connection);
  const now = Date.now();
  const deadline = now + line.timeoutSeconds * 1000;
  onProgress(`a pod of the test in namespace ${line.namespace}`);
  let found: FoundTest;
  try {
    found = await findTest(client, { line, signal }, deadline);
  } catch (error) {
    if (error instanceof NoTestError) throw error;
    if (signal.aborted) throw stopped(line);
    return { ...judgeRefusal(error, line, { start: now, cluster }), client };
  }
  const question = { ...found.question, cluster };
  return { ...(await judge({ client, ...found, question, deadline, signal, onProgress })), client };
}
