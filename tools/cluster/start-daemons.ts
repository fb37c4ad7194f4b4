import type { Anchors } from "./namespaces";
import { askApi } from "./api";
import { findDaemon, hasEnded, launchDaemon, logFile, untilStarted, withLog } from "./daemon-control";
import { DAEMON_NAMES, daemonNamed, type DaemonName } from "./daemons";
import type { Daemon, DaemonOptions } from "./daemon";
import type { Images } from "./image/build";
import { loadImages, toolsReference } from "./image/load";
import type { Layout } from "./layout";
import { NODES } from "./options";
import { signal, statOf } from "./processes";
import { nodeStates } from "./status";
import { waitUntil } from "../../kube/wait";

export interface StartDaemonsOptions extends DaemonOptions {
  readonly anchors: Anchors;
  readonly images: Promise<Images>;
  readonly log: (line: string) => void;
}

/**
 * Starts the daemons that do not run, and waits until both nodes take pods.
 * @returns the name of the image of the tools, by digest
 * @throws Error that names the daemon that ended or does not answer, with the last lines of its log
 */
export async function startDaemons(options: StartDaemonsOptions): Promise<string> {
  options.log("starting etcd, the control plane and the container runtimes");
  await ensure(options, "etcd");
  await Promise.all([startControlPlane(options), ...NODES.map((node) => startRuntime(options, node))]);
  options.log("waiting for the nodes");
  await watched(options, DAEMON_NAMES, {
    what: "both nodes to accept pods",
    timeoutMilliseconds: 60_000,
    look: () => missingFor(options.layout),
  });
  return toolsReference(await options.images);
}

/** Returns what pods still wait for: nodes, and the account that pods of a new namespace run as. */
async function missingFor(layout: Layout): Promise<string | undefined> {
  const bad = (await nodeStates(layout)).filter(({ problem }) => problem !== undefined);
  if (bad.length > 0) return bad.map(({ name, problem }) => `${name}: ${problem ?? ""}`).join("; ");
  const account = await askApi(layout.kubeconfig, "/api/v1/namespaces/default/serviceaccounts/default");
  return account.status === 200 ? undefined : `the default service account is not there (${account.status})`;
}

async function startControlPlane(options: StartDaemonsOptions): Promise<void> {
  const { kubeconfig } = options.layout;
  await ensure(options, "kube-apiserver");
  const answers = (path: string) => async () => {
    try {
      const { status, body } = await askApi(kubeconfig, path);
      return status === 200 ? undefined : `it answered ${status}: ${body.split("\\n")[0] ?? ""}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const waiting = { timeoutMilliseconds: 60_000 };
  await watched(options, ["etcd", "kube-apiserver"], {
    ...waiting,
    what: "the API server to answer",
    look: answers("/livez/ping"),
  });
  await Promise.all(NODES.map((node) => ensure(options, `kubelet-${node}`)));
  await watched(options, ["etcd", "kube-apiserver"], {
    ...waiting,
    what: "the API server to be ready",
    look: answers("/readyz"),
  });
  // Not before: both read what the API server's first start sets up, and the controller manager ends if it cannot.
  await Promise.all([
    ensure(options, "kube-controller-manager"),
    ensure(options, "kube-scheduler"),
    allowKubeletCalls(kubeconfig),
  ]);
}

/** Grants the API server's user the right to call kubelets, for logs and exec. */
async function allowKubeletCalls(kubeconfig: string): Promise<void> {
  const group = "rbac.authorization.k8s.io";
  const { status, body } = await askApi(kubeconfig, `/apis/${group}/v1/clusterrolebindings`, {
    apiVersion: `${group}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: "fuse-test:kubelet-clients" },
    roleRef: { apiGroup: group, kind: "ClusterRole", name: "system:kubelet-api-admin" },
    subjects: [{ apiGroup: group, kind: "Group", name: "fuse-test:kubelet-clients" }],
  });
  if (status !== 201 && status !== 409)
    throw new Error(`the API server refused a ClusterRoleBinding: ${body}`);
}

async function startRuntime(options: StartDaemonsOptions, node: (typeof NODES)[number]): Promise<void> {
  await ensure(options, `containerd-${node}`);
  const anchor = options.anchors.get(node);
  if (anchor === undefined) throw new Error(`the anchor of ${node} is gone`);
  await loadImages(anchor, await options.images);
}

/** Starts a daemon that does not run, and resumes one that was paused. */
async function ensure(options: StartDaemonsOptions, name: DaemonName): Promise<void> {
  const daemon = daemonNamed(options, name);
  // One that is only just replacing its program would not be found, and would be started twice.
  await untilStarted(options.anchors, daemon);
  const pid = findDaemon(options.anchors, daemon);
  if (pid === undefined) await launchDaemon(options.layout, options.anchors, daemon);
  else if (statOf(pid)?.state === "T") signal(pid, "SIGCONT");
}

/** Waits like `waitUntil`, and no longer once one of the daemons it waits for has ended. */
async function watched(
  options: StartDaemonsOptions,
  names: readonly DaemonName[],
  wait: Parameters<typeof waitUntil>[0],
): Promise<void> {
  const daemons = names.map((name) => daemonNamed(options, name));
  const ended = () => daemons.find((daemon) => hasEnded(options.anchors, daemon));
  try {
    await waitUntil({
      ...wait,
      look: async () => {
        const missing = await wait.look();
        const gone = missing === undefined ? undefined : ended();
        if (gone !== undefined) throw new Error(`${gone.name} exited while waiting for ${wait.what}`);
        return missing;
      },
    });
  } catch (error) {
    throw withLogs(options, daemons, ended(), error);
  }
}

function withLogs(
  { layout }: StartDaemonsOptions,
  daemons: readonly Daemon[],
  gone: Daemon | undefined,
  error: unknown,
): Error {
  const suspect = gone ?? daemons.at(-1);
  if (suspect === undefined) return error instanceof Error ? error : new Error(String(error));
  const others = daemons.filter((daemon) => daemon !== suspect).map(({ name }) => logFile(layout, name));
  const more = others.length === 0 ? "" : `\nother logs: ${others.join(", ")}`;
  return new Error(`${withLog(layout, suspect.name, error)}${more}`);
}
