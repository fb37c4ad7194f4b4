import { ROLES } from "../../manifests/common";
import { byAny, type Cause, type Evidence, type Findings } from "../cause";
import {
  findLagging,
  hasAnsweredSince,
  isOfChannel,
  isSilence,
  logRole,
  OUTAGE_MILLISECONDS,
} from "../channels";
import { type ChannelName, logChannel, type Observation } from "../observation";
import type { Message } from "../../kube/message";
import { byFailedCheck, checksOf } from "./by-failed-check";
import { only } from "../../protocol/pod-log";
import { isDenial } from "./permission-denied";

const fromKubelet = "the API server cannot have it from the kubelet of node";

/** Describes the two ends of a failing channel. */
function between({ about, reason }: Message, node: string): string {
  const kubelet = logRole(about) !== undefined && /^\d+$/.test(reason);
  return kubelet ? `${fromKubelet} ${node}` : "this machine cannot have it from the API server";
}

/**
 * Returns true for a channel whose failure has another cause: the whole API server does not respond, or the
 * rights are missing.
 */
function isOwnCause(observation: Observation, message: Message): boolean {
  if (isDenial(message)) return true;
  return isSilence(message) && !hasAnsweredSince(observation, message.since ?? 0);
}

/** Returns true if the program of every pod has started: the events, which would explain why one does not, are then not needed. */
function haveStarted({ pods }: Observation): boolean {
  return ROLES.every((role) => only(pods[role].report, "started") !== undefined);
}

function byFailure(observation: Observation): Evidence | undefined {
  const { question, now, deadline } = observation;
  const failing = observation.messages
    .filter((message) => message.source === "api" && isOfChannel(message))
    .find((message) => !isOwnCause(observation, message) && lasts(message));
  if (failing === undefined) return undefined;
  const { about, text, since = now } = failing;
  return {
    about,
    text: `${about}: ${between(failing, question.node)}: ${text}`,
    time: Math.min(since + OUTAGE_MILLISECONDS, deadline),
  };

  function lasts({ about, since = now }: Message): boolean {
    if (now >= deadline) return true;
    if (about === "events" && haveStarted(observation)) return false;
    return now - since >= OUTAGE_MILLISECONDS;
  }
}

/** Finds a log that is neither refused nor delivered. */
function bySilentLog(observation: Observation): Evidence | undefined {
  const { pods, now, deadline } = observation;
  for (const role of ROLES) {
    const { facts, logEnded, since } = pods[role];
    if (logEnded || facts?.container.state !== "terminated" || facts.deleted || since === undefined) continue;
    if (now < deadline && now - since < OUTAGE_MILLISECONDS) continue;
    const text = `${logChannel(role)}: it was not read completely, although the container has terminated`;
    return { about: logChannel(role), text, time: Math.min(since + OUTAGE_MILLISECONDS, deadline) };
  }
  return undefined;
}

/** Finds a channel that was never read, although the run is over. */
function byUnread({ channels, now, deadline }: Observation): Evidence | undefined {
  if (now < deadline) return undefined;
  const unread = (["pods", "programs"] as readonly ChannelName[]).find(
    (name) => (channels[name]?.state ?? "unread") === "unread",
  );
  return unread && { about: unread, text: `${unread}: the API server has not answered`, time: deadline };
}

/** Finds a log that was read, but not as far as the others. */
function byLaggingLog(observation: Observation): Evidence | undefined {
  const { now, deadline } = observation;
  const role = now < deadline ? undefined : findLagging(observation);
  if (role === undefined) return undefined;
  const text = `${logChannel(role)}: it was not read as far as the logs of the other pods`;
  return { about: logChannel(role), text, time: deadline };
}

const byFaultyLog: (observation: Observation, findings: Findings) => Evidence | undefined = byFailedCheck(
  checksOf("observation-failed"),
);

/** Words of an API server that cannot have something from a kubelet, and the next step; the first that match count. */
const fixesOfKubelet: readonly (readonly [words: RegExp, step: (node: string) => string])[] = [
  [
    /Forbidden \(user=|Authorization error \(user=|\bUnauthorized\b|provide credentials/i,
    () =>
      "The kubelet does not let the API server's user read: bind that user to the ClusterRole system:kubelet-api-admin, and compare the API server's --kubelet-client-certificate with the kubelet's authentication.x509.clientCAFile: kubectl get clusterrolebindings --output wide",
  ],
  [
    /\blookup\b|no such host|name resolution/i,
    (node) =>
      `The API server cannot resolve the node's name: let it use the address (--kubelet-preferred-address-types=InternalIP,Hostname), or give its machine a DNS entry for it: kubectl get node ${node} --output wide`,
  ],
  [
    /too many open files|fsnotify|inotify/i,
    (node) =>
      `On ${node}, raise the limits of inotify: sysctl fs.inotify.max_user_instances fs.inotify.max_user_watches`,
  ],
  [
    /tls(?!.*timeout)|x509|certificate/i,
    () =>
      "The kubelet's serving certificate is not approved or not trusted: kubectl get certificatesigningrequests, and kubectl certificate approve NAME for those of kubernetes.io/kubelet-serving that are Pending",
  ],
  [
    /10250|dial|proxy|tunnel|agent|50[234]|refused|timeout|no route/i,
    (node) =>
      `Open TCP port 10250 of ${node} to the API server (firewall, security group, or the tunnel of k3s and RKE2): kubectl get --raw /api/v1/nodes/${node}/proxy/healthz`,
  ],
];

function fixes(text: string, namespace: string, node: string): string[] {
  const step = text.includes(fromKubelet)
    ? fixesOfKubelet.find(([words]) => words.test(text))?.[1](node)
    : undefined;
  return [step ?? `Try it: kubectl --namespace ${namespace} get pods,events, and kubectl get node ${node}`];
}

/** The test continues, and one of the channels by which it is observed fails. */
export const observationFailed: Cause = {
  code: "observation-failed",
  verdict: "ERROR",
  recognise: byAny(byFailure, bySilentLog, byFaultyLog, byUnread, byLaggingLog),
  summarise: (_, { text }) => `The test could not be observed, so that nothing can be concluded (${text})`,
  nextSteps: ({ namespace, node }, { text }) => [
    ...fixes(text, namespace, node),
    `Read a log by hand: kubectl --namespace ${namespace} logs fuse-consumer`,
    `Judge the same pods again when it works: npm run verdict -- --namespace ${namespace}`,
  ],
};
