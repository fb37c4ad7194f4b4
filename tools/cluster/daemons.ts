import type { Place } from "./namespaces";
import type { Layout } from "./layout";
import { NODES, type NodeName } from "./options";
import type { ClusterNetwork } from "./network";
import { controlDaemons } from "./control-plane";
import { nodeDaemons } from "./node";

/** A program of the cluster that runs for as long as the cluster does. */
export interface Daemon {
  /** Unique in the cluster: `etcd`, `kubelet-w2`. Its log is `logs/NAME.log`. */
  readonly name: string;
  readonly place: Place;
  readonly argv: readonly string[];
  /** Another daemon of its place, whose Unix socket, as the place sees it, has to take connections before it starts. */
  readonly needs?: { readonly daemon: string; readonly socket: string };
}

/** Names of the daemons, in the order in which they start. */
export const DAEMON_NAMES = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  ...NODES.flatMap((node) => [`containerd-${node}` as const, `kubelet-${node}` as const]),
] as const;
export type DaemonName = (typeof DAEMON_NAMES)[number];

export interface DaemonOptions {
  readonly layout: Layout;
  readonly network: ClusterNetwork;
}

/** Every daemon of a cluster. */
export function daemonsOf(options: DaemonOptions): Daemon[] {
  return [
    ...controlDaemons(options),
    ...NODES.flatMap((node: NodeName) => nodeDaemons({ ...options, node })),
  ];
}

/**
 * The daemon of that name.
 * @throws Error that lists the names there are
 */
export function daemonNamed(options: DaemonOptions, name: string): Daemon {
  const daemon = daemonsOf(options).find((candidate) => candidate.name === name);
  if (daemon !== undefined) return daemon;
  throw new Error(`there is no daemon "${name}"; expected one of ${DAEMON_NAMES.join(", ")}`);
}
