import { type Cause, type Evidence, runAgain } from "../cause";
import type { Role } from "../../manifests/common";
import { hasStarted, messagesOf, type Observation, type Question } from "../observation";
import type { Message } from "../../kube/message";

/** Time for which a container may fail to start, in milliseconds: two attempts of the kubelet and more. */
const PATIENCE_MILLISECONDS = 10_000;

/** Number of the kubelet's attempts in that time. */
const ATTEMPTS = 3;

/** Reasons of a container that waits for nothing unusual, or has run. */
const usual = new Set(["", "ContainerCreating", "PodInitializing", "Completed", "Error", "OOMKilled"]);

/** Messages of the runtime that need an explanation. */
const hints: readonly (readonly [words: RegExp, meaning: string, step: string])[] = [
  [
    /MOUNT_ATTR_IDMAP|idmap/i,
    "the pod is in a user namespace, and the filesystem of that path cannot be mounted with mapped ids",
    "Run the pods in the node's user namespace (hostUsers: true), or keep the path on a filesystem with ID-mapped mounts: ext4, xfs, btrfs, tmpfs",
  ],
  [
    /lsetxattr|relabel/i,
    "SELinux labels cannot be set on that path",
    "Keep the path on a filesystem that has SELinux labels, and not below another mount: stat --file-system PATH",
  ],
  [
    /OOM-killed|memory limit too low/i,
    "the container's memory limit is too low to start it",
    "Raise the memory limit in fuse-test:resources",
  ],
  [
    /cannot allocate memory/i,
    "the node's kernel has no memory for it, or for another cgroup",
    "Check the node's memory and cgroups: free, grep . /proc/cgroups",
  ],
  [
    /read-only file system/i,
    "the node's filesystem is read-only there",
    "Use a directory that can be written: pulumi config set fuse-test:hostPath /tmp/NAME",
  ],
  [/apparmor/i, "the node's AppArmor refuses it, or lacks a profile", "Check the node's profiles: aa-status"],
  [
    /seccomp/i,
    "a seccomp profile is missing or refuses it",
    "Check the node's seccomp profiles: ls /var/lib/kubelet/seccomp",
  ],
  [
    /exec format error/i,
    "the image is for another architecture than the node's",
    "Compare with the node: kubectl get node NAME --output jsonpath={.status.nodeInfo.architecture}",
  ],
];

/**
 * Reasons of the kubelet's events for a pod that makes no progress (pkg/kubelet/events/event.go). Others warn
 * of conditions that do not stop it: pull secrets, nameservers, the policies of an audit.
 */
const failures =
  /^(?:Failed(?!ToRetrieve|Kill|PreStop|Scheduling)\w*|NetworkNotReady|InspectFailed|HostPortConflict|NodeAffinity)$/;

function isEvent({ source, reason }: Message): boolean {
  return source === "event" && failures.test(reason);
}

/** Returns true for a terminated container whose program never ran, with the runtime's reason. */
function isStartError({ source, reason }: Message): boolean {
  return source === "container" && /^(?:StartError|ContainerCannotRun)$/.test(reason);
}

function isStuck(message: Message): boolean {
  return message.source === "container" && !usual.has(message.reason);
}

/** Returns true if the kubelet has tried often enough. */
function hasLasted(message: Message, observation: Observation): boolean {
  if (isStartError(message)) return true;
  const { since = 0 } = message;
  if (observation.now - since < PATIENCE_MILLISECONDS) return false;
  if (message.source === "container") return true;
  // An attempt with another message is an attempt too.
  const attempts = observation.messages
    .filter(
      ({ source, about, reason }) =>
        source === "event" && about === message.about && reason === message.reason,
    )
    .reduce((sum, { count = 1 }) => sum + count, 0);
  return attempts >= ATTEMPTS;
}

/**
 * Finds a message, which no other cause claims, about a pod whose program has not started. The text is that
 * of the container's state if there is one, whichever was seen first and for longer.
 */
export function findUnknown(
  observation: Observation,
  isKnown: (message: Message, question: Question) => boolean,
): Evidence | undefined {
  const { pods, question } = observation;
  const unknown = messagesOf(observation).filter(
    (one) =>
      one.about in pods &&
      !hasStarted(pods[one.about as Role]) &&
      (isEvent(one) || isStuck(one)) &&
      !isKnown(one, question),
  );
  const lasting = unknown.find((one) => hasLasted(one, observation));
  if (lasting === undefined) return undefined;
  const { about, since, time } = lasting;
  const { reason, text } = unknown.find((one) => one.about === about && isStuck(one)) ?? lasting;
  const quoted = text === "" ? reason : `${reason}: ${text}`;
  const waited = since !== undefined && !isStartError(lasting);
  return { about, text: quoted, time: waited ? since + PATIENCE_MILLISECONDS : (time ?? since) };
}

/** A pod's container does not start, for a reason that the catalogue does not contain. */
export const startFailed: Omit<Cause, "recognise"> = {
  code: "start-failed",
  verdict: "ERROR",
  summarise: ({ node }, { about, text }) => {
    const hint = hints.find(([words]) => words.test(text));
    return `The ${about} does not start on node ${node}${hint === undefined ? "" : `: ${hint[1]}`} (${text})`;
  },
  nextSteps: ({ node, namespace }, { about, text }) => [
    ...hints.filter(([words]) => words.test(text)).map(([, , step]) => step),
    `Read the whole message: kubectl --namespace ${namespace} describe pod fuse-${about}`,
    `On ${node}, check the kubelet and the runtime: journalctl --unit kubelet --unit containerd --unit crio --since -10min (k3s: --unit k3s, k3s-agent)`,
    runAgain,
  ],
};
