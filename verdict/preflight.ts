import type { KubernetesObject } from "@kubernetes/client-node";
import { PROGRAMS_NAME } from "../manifests/common";
import { LateError, poll, withDeadline } from "../kube/wait";
import { isRefusal } from "./causes/admission-denied";
import { type Judged, judgeWithoutPods } from "./judge";
import type { NodeFacts, PodToleration, Question } from "./observation";
import { apiReasons, type Message } from "../kube/message";
import {
  apiMessage,
  type Client,
  lacksNamespace,
  lacksServiceAccount,
  obtainCredentials,
} from "../kube/client";
import { missingNode, nodeFacts } from "./observer/facts";
import { createObject, getObject } from "../kube/http";
import { podShape } from "./observer/shapes";
import { fieldsOf, itemsOf } from "../kube/values";

/** Time limit of a call of the preflight, in milliseconds. */
const CALL_MILLISECONDS = 1700;

/** Time limit of the kubeconfig's credential plugin, which may call a server of its own, in milliseconds. */
const CREDENTIALS_MILLISECONDS = 15_000;

export interface PreflightOptions {
  readonly client: Client;
  readonly question: Question;
  /** Milliseconds since 1970: the zero of the run. */
  readonly start: number;
  /** Manifests of the run's pods. */
  readonly pods: readonly KubernetesObject[];
  /** Removes the pods of earlier runs, once the read-only inspections have found no problem. */
  readonly makeRoom?: () => Promise<unknown>;
  /** Removes all pods of the test if a problem stops it: they are not declared any more. */
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

/** An object that is created to ask a question: it does not stay. */
interface Asked {
  readonly kind: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Creates an object within the time limit of a call. */
async function create(
  { client }: PreflightOptions,
  { kind, ...asked }: Asked,
  what: string,
): Promise<Readonly<Record<string, unknown>>> {
  const stop = new AbortController();
  try {
    return await ask(createObject({ ...asked, config: client.config, signal: stop.signal }, kind), what);
  } finally {
    stop.abort();
  }
}

/** Describes an API error as a message with the current time. */
function answerOf(error: unknown, about: string): Message {
  return { ...apiMessage(error, about), time: Date.now() };
}

async function inspectCredentials({ client }: PreflightOptions): Promise<Finding> {
  const late = `the kubeconfig's credentials could not be obtained: no answer of their plugin within ${CREDENTIALS_MILLISECONDS / 1000} s`;
  try {
    await withDeadline(obtainCredentials(client), CREDENTIALS_MILLISECONDS, late);
    return { messages: [] };
  } catch (error) {
    return { messages: [{ ...answerOf(error, "credentials"), reason: apiReasons.credentials }] };
  }
}

async function inspectNode({ client, question }: PreflightOptions): Promise<Finding> {
  try {
    const path = `/api/v1/nodes/${question.node}`;
    const { signal } = new AbortController();
    const call = getObject({ config: client.config, path, signal }, "Node", CALL_MILLISECONDS);
    return { messages: [], node: nodeFacts((await ask(call, "reading the node")).data) };
  } catch (error) {
    const message = answerOf(error, question.node);
    if (message.reason === "404") return { messages: [], node: missingNode };
    // A deployer of the test need not be allowed to read nodes; the kubelet reports a missing one.
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

async function inspectPermissions(options: PreflightOptions): Promise<Finding> {
  const { question } = options;
  const wanted: readonly Wanted[] = [
    { verb: "create", resource: "pods" },
    { verb: "watch", resource: "pods" },
    { verb: "get", resource: "pods", subresource: "log" },
    { verb: "watch", resource: "events" },
    { verb: "get", resource: "configmaps", name: PROGRAMS_NAME },
  ];
  const reviews = wanted.map(async (attributes): Promise<Message[]> => {
    const resourceAttributes = { ...attributes, namespace: question.namespace };
    const [kind, group] = ["SelfSubjectAccessReview", "authorization.k8s.io/v1"];
    const body = { kind, apiVersion: group, spec: { resourceAttributes } };
    const path = `/apis/${group}/selfsubjectaccessreviews`;
    const review = await create(options, { kind, path, body }, "asking for permissions");
    if (fieldsOf(review.status).allowed === true) return [];
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

/** Time limit for a new namespace to get its service account, in milliseconds. */
const SERVICE_ACCOUNT_MILLISECONDS = 1500;

/** Time limit for the namespace to exist, in milliseconds: the update creates it while this program starts. */
const NAMESPACE_MILLISECONDS = 30_000;

/** Time for which an API server may report an error of its own, or that it is overloaded, in milliseconds. */
const ERROR_MILLISECONDS = 2000;

/** Pause between two dry runs of a pod, in milliseconds. */
const DRY_RUN_PAUSE = 100;

/** HTTP statuses that are causes, or that the API server returns to requests that it may serve later. */
const known = new Set([401, 403, 409, 422]);

/**
 * Returns a message about a status that no cause stands for, with a reason by which it is recognised: nothing
 * else is known about why the pod cannot be created.
 */
function classified(message: Message): Message {
  const status = Number(message.reason);
  if (/^(?:5\d\d|429)$/.test(message.reason)) return { ...message, reason: apiReasons.lasting };
  const refuses = status >= 400 && status < 500 && !known.has(status);
  return refuses ? { ...message, reason: apiReasons.refused } : message;
}

async function dryRunOnce(options: PreflightOptions, pod: KubernetesObject): Promise<Message | undefined> {
  const { namespace } = options.question;
  const path = `/api/v1/namespaces/${pod.metadata?.namespace ?? namespace}/pods`;
  try {
    const asked: Asked = { kind: "Pod", path, query: { dryRun: "All" }, body: pod };
    await create(options, asked, "creating a pod as a dry run");
    return undefined;
  } catch (error) {
    if (error instanceof LateError)
      return { ...answerOf(error, "admission"), reason: apiReasons.lateAdmission };
    const message = answerOf(error, pod.metadata?.name ?? "pod");
    // A pod of an earlier run that will be replaced has the same name: this one was admitted.
    return message.reason === "409" ? undefined : message;
  }
}

/** Creates a pod as a dry run, once its namespace has been created and has a service account. */
async function dryRun(options: PreflightOptions, pod: KubernetesObject): Promise<Finding> {
  const { namespace } = options.question;
  let message: Message | undefined;
  let withoutAccount: number | undefined;
  let inError: number | undefined;
  const limit = { until: Date.now() + NAMESPACE_MILLISECONDS, intervalMilliseconds: DRY_RUN_PAUSE };
  await poll(limit, async () => {
    message = await dryRunOnce(options, pod);
    if (message === undefined) return true;
    if (lacksNamespace(message, namespace)) return undefined;
    if (classified(message).reason === apiReasons.lasting && !isRefusal(message, options.question)) {
      inError ??= Date.now();
      return Date.now() - inError < ERROR_MILLISECONDS ? undefined : true;
    }
    if (!lacksServiceAccount(message)) return true;
    withoutAccount ??= Date.now();
    return Date.now() - withoutAccount < SERVICE_ACCOUNT_MILLISECONDS ? undefined : true;
  });
  return { messages: message === undefined ? [] : [classified(message)] };
}

/**
 * Returns the name of a pod of another run that uses this run's directory on its node, unless it has
 * terminated.
 */
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

/**
 * Searches for another run with the same id and node: the two share a directory, and would see each other's
 * mounts.
 */
async function findOtherRuns({ client, question }: PreflightOptions): Promise<Finding> {
  try {
    const query = { labelSelector: "app.kubernetes.io/name=fuse-test" };
    const { signal } = new AbortController();
    const call = getObject(
      { config: client.config, path: "/api/v1/pods", query, signal },
      "PodList",
      CALL_MILLISECONDS,
    );
    const { data } = await ask(call, "searching for other runs");
    const pod = otherRun(itemsOf(data.items), question);
    if (pod === undefined) return { messages: [] };
    const text = `another run of the test uses ${question.hostPath} on ${question.node}: pod ${pod}`;
    return { messages: [{ source: "api", about: pod, reason: "409", text, time: Date.now() }] };
  } catch (error) {
    const message = answerOf(error, "other runs");
    // A deployer of the test need not be allowed to list pods in other namespaces.
    return { messages: message.reason === "403" ? [] : [message] };
  }
}

/** Returns the tolerations of the pods' manifests, which are equal. */
function tolerationsOf(pods: readonly KubernetesObject[]): readonly PodToleration[] | undefined {
  const [pod] = pods as readonly { readonly spec?: { readonly tolerations?: readonly PodToleration[] } }[];
  return pod === undefined ? undefined : (pod.spec?.tolerations ?? []);
}

/** Returns the verdict on the findings; undefined if none of them stops the test. */
function judgeFindings(options: PreflightOptions, findings: readonly Finding[]): Judged | undefined {
  const { question, start, pods } = options;
  return judgeWithoutPods({
    question,
    start,
    node: findings.find(({ node }) => node !== undefined)?.node,
    messages: findings.flatMap(({ messages }) => messages),
    tolerations: tolerationsOf(pods),
  });
}

/** Searches for a problem that would stop the test, with the read-only inspections first. */
async function findObstacle(options: PreflightOptions): Promise<Judged | undefined> {
  const credentials = await inspectCredentials(options);
  if (credentials.messages.length > 0) return judgeFindings(options, [credentials]);
  const looks = await Promise.all([
    inspectNode(options),
    inspectPermissions(options),
    findOtherRuns(options),
  ]);
  const early = judgeFindings(options, looks);
  if (early?.judgement.cause === "cluster-unreachable") return early;
  if (early === undefined) await options.makeRoom?.();
  const dryRuns = await Promise.all(options.pods.map((pod) => dryRun(options, pod)));
  const late = dryRuns.some(({ messages }) =>
    messages.some(({ reason }) => reason === apiReasons.lateAdmission),
  );
  // An API server that has stopped responding altogether does not prove a slow admission.
  const findings = [...looks, ...dryRuns, ...(late ? [await inspectNode(options)] : [])];
  return judgeFindings(options, findings);
}

/**
 * Searches for a problem that would stop the test, before any pod is created, and returns the verdict on it.
 * A cluster that does not respond is reported at once; otherwise the pods of an earlier run are removed in
 * any case.
 */
export async function preflight(options: PreflightOptions): Promise<Judged | undefined> {
  const found = await findObstacle(options);
  const answers = found?.judgement.cause !== "cluster-unreachable";
  if (found !== undefined && answers) await options.removePods?.();
  return found;
}
