import { findAnchors, enter, PLACES, type Anchors, type Place } from "./namespaces";
import { runCommand, type CommandResult } from "../setup/run";
import { findDaemon, killDaemon, launchDaemon } from "./daemon-control";
import { daemonNamed, type DaemonName } from "./daemons";
import type { Daemon, DaemonOptions } from "./daemon";
import { layoutOf } from "./layout";
import { networkOf } from "./network";
import type { NodeName } from "./options";
import { signal } from "./processes";
import { readSettings } from "./settings";

interface Running extends DaemonOptions {
  readonly anchors: Anchors;
}

/** Returns the parts of a running cluster. @throws Error with the command that starts it, if it does not run */
function running(name: string): Running {
  const layout = layoutOf(name);
  const settings = readSettings(layout);
  const anchors = findAnchors(layout);
  if (settings === undefined || PLACES.some((place) => !anchors.has(place))) {
    throw new Error(`the embedded cluster "${name}" is not up. Start it: npm run cluster -- up`);
  }
  return { layout, network: networkOf(settings.block), anchors };
}

/** Returns the process ids, as the machine sees them, of the processes 1 of the control plane and of both nodes. */
export function anchorPids(name: string): ReadonlyMap<Place, number> {
  return running(name).anchors;
}

/** Returns the cluster's /24, such as `198.18.7.0/24`, and its parts. */
export function clusterNetwork(name: string): ReturnType<typeof networkOf> {
  return running(name).network;
}

/** Kills a daemon (SIGKILL), as a crash would. Pods of a node outlive its container runtime and kubelet. */
export async function stopDaemon(name: string, daemon: DaemonName): Promise<void> {
  const cluster = running(name);
  await killDaemon(cluster.anchors, daemonNamed(cluster, daemon));
}

/**
 * Starts a daemon that was stopped; one that runs is left alone. Does not wait until it is ready.
 * @throws Error if what it needs to start does not answer: the container runtime of a kubelet
 */
export async function startDaemon(name: string, daemon: DaemonName): Promise<void> {
  const cluster = running(name);
  const named = daemonNamed(cluster, daemon);
  if (findDaemon(cluster.anchors, named) !== undefined) return;
  await launchDaemon(cluster.layout, cluster.anchors, named);
}

/** Stops a daemon from doing anything, while its connections stay open (SIGSTOP). */
export function pauseDaemon(name: string, daemon: DaemonName): void {
  signalDaemon(name, daemon, "SIGSTOP");
}

/** Resumes a paused daemon (SIGCONT). */
export function resumeDaemon(name: string, daemon: DaemonName): void {
  signalDaemon(name, daemon, "SIGCONT");
}

function signalDaemon(name: string, daemon: DaemonName, by: NodeJS.Signals): void {
  const cluster = running(name);
  const named: Daemon = daemonNamed(cluster, daemon);
  const pid = findDaemon(cluster.anchors, named);
  if (pid === undefined) throw new Error(`${daemon} of cluster "${name}" does not run`);
  signal(pid, by);
}

export interface RunOnNodeOptions {
  readonly name: string;
  readonly node: NodeName;
  readonly argv: readonly string[];
  /** 10 s by default. */
  readonly timeoutMilliseconds?: number;
}

/**
 * Runs a program as root in a node's mount, network and pid namespaces, where /tmp is the node's own.
 * @throws Error if it passes its deadline; it is then abandoned, as one that hangs on a dead mount cannot be killed
 */
export async function runOnNode(options: RunOnNodeOptions): Promise<CommandResult> {
  const anchor = running(options.name).anchors.get(options.node);
  if (anchor === undefined) throw new Error(`${options.node} of cluster "${options.name}" is gone`);
  const { timeoutMilliseconds } = options;
  return await runCommand({
    argv: enter(anchor, options.argv),
    ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
  });
}

export interface IssueOptions {
  readonly name: string;
  readonly user: string;
  readonly groups?: readonly string[];
  /** Validity from now on, a year by default; negative for one that is expired already. */
  readonly validSeconds?: number;
}

/** Makes a kubeconfig for any user; what that user may do is what RBAC grants. Returns its text. */
export async function issueKubeconfig({ name, ...user }: IssueOptions): Promise<string> {
  const { layout, network } = running(name);
  const { userKubeconfig } = await import("./credentials.js");
  return await userKubeconfig({ layout, network, ...user });
}
