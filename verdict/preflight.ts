import {
  type ApiException,
  AuthorizationV1Api,
  KubernetesObjectApi,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { PROGRAMS_NAME } from "../manifests/common";
import { LateError, poll, withDeadline } from "../kube/wait";
import { findProblem } from "./decide";
import type { Judged } from "./judge";
import {
  type NodeFacts,
  noPodSeen,
  type Observation,
  type PodToleration,
  type Question,
} from "./observation";
import { apiReasons, type Message } from "../kube/message";
import {
  apiMessage,
  type Client,
  lacksNamespace,
  lacksServiceAccount,
  obtainCredentials,
} from "../kube/client";
import { missingNode, nodeFacts } from "./observer/facts";
import { getObject } from "../kube/http";
import { podShape } from "./observer/shapes";

/** A call of the preflight that is not answered in this time is given up, in milliseconds. */
const CALL_MILLISECONDS = 1700;

/** How long the kubeconfig's credential plugin may take, which may ask a server of its own, in milliseconds. */
const CREDENTIALS_MILLISECONDS = 15_000;

export interface PreflightOptions {
  readonly client: Client;
  readonly question: Question;
  /** Milliseconds since 1970: the zero of the run. */
  readonly start: number;
  /** Manifests of the pods that the run will make. */
  readonly pods: readonly KubernetesObject[];
  /** Removes the pods that are in the way, once the looks that change nothing have found nothing. */
  readonly makeRoom?: () => Promise<unknown>;
  /** Removes all pods of the test, where something stops it: nothing declares them any more. */
  readonly removePods?: () => Promise<void>;
}

interface Finding {
  readonly messages: readonly Message[];
  readonly node?: NodeFacts;
}

function ask<T>(call: Promise<T>, what: string): Promise<T> {
  const late = `${what}: no answer within ${CALL_MILLISECONDS} ms (deadline exceeded)`;
  return withDeadline(call, CALL_MILLISECONDS, late);
}

/** What the API said just now. */
function answerOf(error: unknown, about: string): Message {
  return { ...apiMessage(error, about), time: Date.now() };
}

async function lookAtCredentials({ client }: PreflightOptions): Promise<Finding> {
  const late = `the kubeconfig's credentials cannot be had: no answer of their plugin within ${CREDENTIALS_MILLISECONDS / 1000} s`;
  try {
    await withDeadline(obtainCredentials(client), CREDENTIALS_MILLISECONDS, late);
    return { messages: [] };
  } catch (error) {
    return { messages: [{ ...answerOf(error, "credentials"), reason: apiReasons.credentials }] };
  }
}

async function lookAtNode({ client, question }: PreflightOptions): Promise<Finding> {
  try {
    const path = `/api/v1/nodes/${question.node}`;
    const { signal } = new AbortController();
    const call = getObject({ config: client.config, path, signal }, "Node", CALL_MILLISECONDS);
    return { messages: [], node: nodeFacts((await ask(call, "reading the node")).data) };
  } catch (error) {
    const message = answerOf(error, question.node);
    if (message.reason === "404") return { messages: [], node: missingNode };
    // Whoever deploys a test need not be allowed to read nodes; the kubelet will tell.
    return { messages: message.reason === "403" ? [] : [message] };
  }
}

/** A right that the test needs in its namespace. */
interface Wanted {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
}

async function lookAtPermissions({ client, question }: PreflightOptions): Promise<Finding> {
  const api = client.config.makeApiClient(AuthorizationV1Api);
  const wanted: readonly Wanted[] = [
    { verb: "create", resource: "pods" },
    { verb: "watch", resource: "pods" },
    { verb: "get", resource: "pods", subresource: "log" },
    { verb: "watch", resource: "events" },
    { verb: "get", resource: "configmaps", name: PROGRAMS_NAME },
  ];
  const reviews = wanted.map(async (attributes): Promise<Message[]> => {
    const resourceAttributes = { ...attributes, namespace: question.namespace };
    const body = { spec: { resourceAttributes } };
    const review = await ask(api.createSelfSubjectAccessReview({ body }), "asking for permissions");
    if (review.status?.allowed === true) return [];
    const what =
      attributes.subresource === undefined
        ? attributes.resource
        : `${attributes.resource}/${attributes.subresource}`;
    const text = `cannot ${attributes.verb} resource "${what}" in the namespace "${question.namespace}"`;
    return [{ source: "api", about: "permissions", reason: "403", text, time: Date.now() }];
  });
  try {
    return { messages: (await Promise.all(reviews)).flat() };
  } catch (error) {
    return { messages: [answerOf(error, "permissions")] };
  }
}

/** How long a namespace that was just created may take to get its service account, in milliseconds. */
const SERVICE_ACCOUNT_MILLISECONDS = 1500;

/** How long the namespace may take, in milliseconds: the update creates it while this program starts. */
const NAMESPACE_MILLISECONDS = 30_000;

/** Pause between two dry runs of a pod, in milliseconds. */
const DRY_RUN_PAUSE = 100;

async function dryRunOnce({ client }: PreflightOptions, pod: KubernetesObject): Promise<Message | undefined> {
  const api = KubernetesObjectApi.makeApiClient(client.config);
  try {
    await ask(api.create(pod, undefined, "All"), "creating a pod as a dry run");
    return undefined;
  } catch (error) {
    // A pod of an earlier run that is about to be replaced has the same name: it was admitted.
    if ((error as Partial<ApiException<unknown>>).code === 409) return undefined;
    if (error instanceof LateError)
      return { ...answerOf(error, "admission"), reason: apiReasons.lateAdmission };
    return answerOf(error, pod.metadata?.name ?? "pod");
  }
}

/** Creates a pod as a dry run, once its namespace has been created and has a service account. */
async function dryRun(options: PreflightOptions, pod: KubernetesObject): Promise<Finding> {
  const { namespace } = options.question;
  let message: Message | undefined;
  let withoutAccount: number | undefined;
  const limit = { until: Date.now() + NAMESPACE_MILLISECONDS, intervalMilliseconds: DRY_RUN_PAUSE };
  await poll(limit, async () => {
    message = await dryRunOnce(options, pod);
    if (message === undefined) return true;
    if (lacksNamespace(message, namespace)) return undefined;
    if (!lacksServiceAccount(message)) return true;
    withoutAccount ??= Date.now();
    return Date.now() - withoutAccount < SERVICE_ACCOUNT_MILLISECONDS ? undefined : true;
  });
  return { messages: message === undefined ? [] : [message] };
}

/** The name of a pod of another run that uses this run's directory on its node, if one has not ended. */
export function otherRun(pods: readonly unknown[], question: Question): string | undefined {
  const { namespace, node, hostPath } = question;
  const other = pods
    .map((pod) => podShape.parse(pod))
    .find(
      ({ metadata, spec, status }) =>
        metadata.namespace !== namespace &&
        spec.nodeName === node &&
        ["Pending", "Running"].includes(status.phase) &&
        spec.volumes.some((volume) => volume.hostPath.path === hostPath),
    );
  return other && `${other.metadata.namespace}/${other.metadata.name}`;
}

/** Another run of the same id has the same directory on the same node: it would see this one's mounts, and this one its. */
async function lookForOtherRuns({ client, question }: PreflightOptions): Promise<Finding> {
  try {
    const { items } = await ask(
      client.core.listPodForAllNamespaces({ labelSelector: "app.kubernetes.io/name=fuse-test" }),
      "looking for other runs",
    );
    const pod = otherRun(items, question);
    if (pod === undefined) return { messages: [] };
    const text = `another run of the test uses ${question.hostPath} on ${question.node}: pod ${pod}`;
    return { messages: [{ source: "api", about: pod, reason: "409", text, time: Date.now() }] };
  } catch (error) {
    const message = answerOf(error, "other runs");
    // Whoever deploys a test need not be allowed to look into other namespaces.
    return { messages: message.reason === "403" ? [] : [message] };
  }
}

/** Every toleration of the pods' manifests, which are alike. */
function tolerationsOf(pods: readonly KubernetesObject[]): readonly PodToleration[] | undefined {
  const [pod] = pods as readonly { readonly spec?: { readonly tolerations?: readonly PodToleration[] } }[];
  return pod === undefined ? undefined : (pod.spec?.tolerations ?? []);
}

/** The verdict on what was found; undefined where nothing of it stops the test. */
function judgeFindings(options: PreflightOptions, findings: readonly Finding[]): Judged | undefined {
  const observation: Observation = {
    question: options.question,
    start: options.start,
    now: Date.now(),
    deadline: Infinity,
    node: findings.find(({ node }) => node !== undefined)?.node,
    pods: noPodSeen,
    messages: findings.flatMap(({ messages }) => messages),
    channels: {},
    programs: undefined,
    tolerations: tolerationsOf(options.pods),
    interrupted: false,
  };
  const found = findProblem(observation);
  return found && { ...found, observation };
}

/** Looks for what would stop the test; first come the looks that change nothing. */
async function findObstacle(options: PreflightOptions): Promise<Judged | undefined> {
  const credentials = await lookAtCredentials(options);
  if (credentials.messages.length > 0) return judgeFindings(options, [credentials]);
  const looks = await Promise.all([
    lookAtNode(options),
    lookAtPermissions(options),
    lookForOtherRuns(options),
  ]);
  const early = judgeFindings(options, looks);
  if (early?.judgement.cause === "cluster-unreachable") return early;
  if (early === undefined) await options.makeRoom?.();
  const dryRuns = await Promise.all(options.pods.map((pod) => dryRun(options, pod)));
  const late = dryRuns.some(({ messages }) =>
    messages.some(({ reason }) => reason === apiReasons.lateAdmission),
  );
  // An API server that has stopped to answer anything meanwhile says nothing of who admits pods.
  const findings = [...looks, ...dryRuns, ...(late ? [await lookAtNode(options)] : [])];
  return judgeFindings(options, findings);
}

/**
 * Looks for what would stop the test; the verdict on it where there is something, before any pod is made. A cluster that
 * does not answer is told at once; otherwise the pods of an earlier run are removed in any case.
 */
export async function preflight(options: PreflightOptions): Promise<Judged | undefined> {
  const found = await findObstacle(options);
  const answers = found?.judgement.cause !== "cluster-unreachable";
  if (found !== undefined && answers) await options.removePods?.();
  return found;
}
