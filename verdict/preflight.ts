import {
  type ApiException,
  AuthorizationV1Api,
  KubernetesObjectApi,
  type KubernetesObject,
} from "../toolchain/kubernetes-client.cjs";
import { findProblem } from "./decide";
import type { Judged } from "./judge";
import type { Message, NodeFacts, Observation, PodObservation, PodToleration, Question } from "./observation";
import { apiMessage, type Client } from "./observer/client";
import { missingNode, nodeFacts } from "./observer/facts";

/** A call of the preflight that is not answered in this time counts as an unreachable cluster, in milliseconds. */
const CALL_MILLISECONDS = 1800;

export interface PreflightOptions {
  readonly client: Client;
  readonly question: Question;
  /** Milliseconds since 1970: the zero of the run. */
  readonly start: number;
  /** Manifests of the pods that the run will make. */
  readonly pods: readonly KubernetesObject[];
  /**
   * Takes away what an earlier run left on the node, and says what it could not: last of all, where nothing else
   * stops the test. Absent where the node is known to be clean.
   */
  readonly clearNode?: () => Promise<string | undefined>;
}

interface Finding {
  readonly messages: readonly Message[];
  readonly node?: NodeFacts;
}

async function withDeadline<T>(call: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what}: no answer within ${CALL_MILLISECONDS} ms (deadline exceeded)`));
    }, CALL_MILLISECONDS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function lookAtNode({ client, question }: PreflightOptions): Promise<Finding> {
  try {
    const node = await withDeadline(client.core.readNode({ name: question.node }), "reading the node");
    return { messages: [], node: nodeFacts(node) };
  } catch (error) {
    const message = apiMessage(error, question.node);
    if (message.reason === "404") return { messages: [], node: missingNode };
    // Whoever deploys a test need not be allowed to read nodes; the kubelet will tell.
    return { messages: message.reason === "403" ? [] : [message] };
  }
}

async function lookAtPermissions({ client, question }: PreflightOptions): Promise<Finding> {
  const api = client.config.makeApiClient(AuthorizationV1Api);
  const wanted = [
    { verb: "create", resource: "pods" },
    { verb: "watch", resource: "pods" },
    { verb: "get", resource: "pods", subresource: "log" },
    { verb: "watch", resource: "events" },
  ];
  const reviews = wanted.map(async (attributes): Promise<Message[]> => {
    const resourceAttributes = { ...attributes, namespace: question.namespace };
    const body = { spec: { resourceAttributes } };
    const review = await withDeadline(api.createSelfSubjectAccessReview({ body }), "asking for permissions");
    if (review.status?.allowed === true) return [];
    const what =
      attributes.subresource === undefined
        ? attributes.resource
        : `${attributes.resource}/${attributes.subresource}`;
    const text = `cannot ${attributes.verb} resource "${what}" in the namespace "${question.namespace}"`;
    return [{ source: "api", about: "permissions", reason: "403", text }];
  });
  try {
    return { messages: (await Promise.all(reviews)).flat() };
  } catch (error) {
    return { messages: [apiMessage(error, "permissions")] };
  }
}

/** How long a namespace that was just made may take to get its service account, and how often to look, in milliseconds. */
const SERVICE_ACCOUNT = { patience: 1500, pause: 100 } as const;

async function dryRunOnce({ client }: PreflightOptions, pod: KubernetesObject): Promise<Message | undefined> {
  const api = KubernetesObjectApi.makeApiClient(client.config);
  try {
    await withDeadline(api.create(pod, undefined, "All"), "creating a pod as a dry run");
    return undefined;
  } catch (error) {
    // A pod of an earlier run that is about to be replaced has the same name: it was admitted.
    if ((error as Partial<ApiException<unknown>>).code === 409) return undefined;
    return apiMessage(error, pod.metadata?.name ?? "pod");
  }
}

async function dryRun(options: PreflightOptions, pod: KubernetesObject): Promise<Finding> {
  const deadline = Date.now() + SERVICE_ACCOUNT.patience;
  for (;;) {
    const message = await dryRunOnce(options, pod);
    if (message === undefined) return { messages: [] };
    const early =
      message.reason === "403" && /error looking up service account .* not found/.test(message.text);
    if (!early || Date.now() >= deadline) return { messages: [message] };
    await new Promise((resolve) => setTimeout(resolve, SERVICE_ACCOUNT.pause));
  }
}

/** Another run with the same directory on the same node would see this one's mounts, and this one its. */
async function lookForOtherRuns({ client, question }: PreflightOptions): Promise<Finding> {
  const { namespace, node, hostPath } = question;
  try {
    const { items } = await withDeadline(
      client.core.listPodForAllNamespaces({ labelSelector: "app.kubernetes.io/name=fuse-test" }),
      "looking for other runs",
    );
    const others = items.filter(
      ({ metadata, spec, status }) =>
        metadata?.namespace !== namespace &&
        spec?.nodeName === node &&
        ["Pending", "Running"].includes(status?.phase ?? "") &&
        spec.volumes?.some((volume) => volume.hostPath?.path === hostPath) === true,
    );
    return {
      messages: others.slice(0, 1).map(({ metadata }) => {
        const pod = `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
        return {
          source: "api",
          about: pod,
          reason: "409",
          text: `another run of the test uses ${hostPath} on ${node}: pod ${pod}`,
        };
      }),
    };
  } catch (error) {
    const message = apiMessage(error, "other runs");
    // Whoever deploys a test need not be allowed to look into other namespaces.
    return { messages: message.reason === "403" ? [] : [message] };
  }
}

/** Every toleration of the pods' manifests, which are alike. */
function tolerationsOf(pods: readonly KubernetesObject[]): readonly PodToleration[] | undefined {
  const [pod] = pods as readonly { readonly spec?: { readonly tolerations?: readonly PodToleration[] } }[];
  return pod === undefined ? undefined : (pod.spec?.tolerations ?? []);
}

const unseen: PodObservation = {
  facts: undefined,
  report: { events: [], conclusion: undefined, strangeLines: [] },
  logEnded: false,
};

/** The verdict on what was found; undefined where nothing of it stops the test. */
function judgeFindings(options: PreflightOptions, findings: readonly Finding[]): Judged | undefined {
  const observation: Observation = {
    question: options.question,
    start: options.start,
    now: Date.now(),
    deadline: Infinity,
    node: findings.find(({ node }) => node !== undefined)?.node,
    pods: { producer: unseen, consumer: unseen, control: unseen },
    messages: findings.flatMap(({ messages }) => messages),
    tolerations: tolerationsOf(options.pods),
    interrupted: false,
  };
  const judgement = findProblem(observation);
  return judgement && { judgement, observation };
}

/** Looks for what would stop the test; the verdict on it where there is something, before any pod is made. */
export async function preflight(options: PreflightOptions): Promise<Judged | undefined> {
  const findings = await Promise.all([
    lookAtNode(options),
    lookAtPermissions(options),
    lookForOtherRuns(options),
    ...options.pods.map((pod) => dryRun(options, pod)),
  ]);
  const stopped = judgeFindings(options, findings);
  if (stopped !== undefined) return stopped;
  const text = await options.clearNode?.();
  if (text === undefined) return undefined;
  const left: Message = { source: "api", about: options.question.node, reason: "409", text };
  return judgeFindings(options, [...findings, { messages: [left] }]);
}
