import type { Layout } from "./layout";
import type { Place } from "./namespaces";
import type { ClusterNetwork } from "./network";

/** A program of the cluster that runs for as long as the cluster does. */
export interface Daemon {
  /** Unique in the cluster: `etcd`, `kubelet-w2`. Its log is `logs/NAME.log`. */
  readonly name: string;
  readonly place: Place;
  readonly argv: readonly string[];
  /** Another daemon of its place, whose Unix socket, as the place sees it, has to take connections before it starts. */
  readonly needs?: { readonly daemon: string; readonly socket: string };
}

export interface DaemonOptions {
  readonly layout: Layout;
  readonly network: ClusterNetwork;
}
