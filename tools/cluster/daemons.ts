import type { Daemon, DaemonOptions } from "./daemon";
import { NODES, type NodeName } from "./options";
import { controlDaemons } from "./control-plane";
import { nodeDaemons } from "./node";

/** Names of the daemons, in the order in which they start. */
export const DAEMON_NAMES = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  ...NODES.flatMap((node) => [`containerd-${node}` as const, `kubelet-${node}` as const]),
] as const;
export type DaemonName = (typeof DAEMON_NAMES)[number];

/** Returns every daemon of a cluster. */
export function daemonsOf(options: DaemonOptions): Daemon[] {
  return [
    ...controlDaemons(options),
    ...NODES.flatMap((node: NodeName) => nodeDaemons({ ...options, node })),
  ];
}

/**
 * Returns the daemon of that name.
 * @throws Error that lists the existing names
 */
export function daemonNamed(options: DaemonOptions, name: string): Daemon {
  const daemon = daemonsOf(options).find((candidate) => candidate.name === name);
  if (daemon !== undefined) return daemon;
  throw new Error(`there is no daemon "${name}"; expected one of ${DAEMON_NAMES.join(", ")}`);
}
