import { existsSync } from "node:fs";
import { findAnchors } from "./namespaces";
import { askApi, parseNodes, type NodeState } from "./api";
import { DAEMON_NAMES, daemonsOf } from "./daemons";
import { findDaemons } from "./daemon-control";
import { layoutOf, type Layout } from "./layout";
import { networkOf } from "./network";
import { NODES } from "./options";
import { statOf } from "./processes";
import { readSettings } from "./settings";

/** A daemon; its process id, as the machine sees it, is undefined if it does not run. */
interface DaemonStatus {
  readonly name: string;
  readonly pid: number | undefined;
  /** True if it was stopped with SIGSTOP. */
  readonly paused: boolean;
}

/** State of each part of a cluster. */
export interface ClusterStatus {
  readonly name: string;
  readonly daemons: readonly DaemonStatus[];
  /** Each node, with what keeps it from taking pods; undefined if nothing does. */
  readonly nodes: readonly NodeState[];
  /** True if every daemon runs, both nodes take pods, and the start was completed. */
  readonly healthy: boolean;
}

/** Returns the state of a cluster, and changes nothing. A cluster that does not exist is not healthy, and no error. */
export async function clusterStatus(options: { readonly name: string }): Promise<ClusterStatus> {
  const layout = layoutOf(options.name);
  const settings = readSettings(layout);
  const running =
    settings === undefined
      ? new Map<string, number>()
      : findDaemons(findAnchors(layout), daemonsOf({ layout, network: networkOf(settings.block) }));
  const daemons = DAEMON_NAMES.map((name) => daemonStatus(name, running.get(name)));
  const nodes = await nodeStates(layout);
  const healthy =
    daemons.every(({ pid, paused }) => pid !== undefined && !paused) &&
    nodes.every(({ problem }) => problem === undefined) &&
    existsSync(layout.descriptor);
  return { name: options.name, daemons, nodes, healthy };
}

/** Returns the state of both nodes from the API server. If it does not answer, both have that problem. */
export async function nodeStates(layout: Layout): Promise<NodeState[]> {
  if (!existsSync(layout.kubeconfig))
    return NODES.map((name) => ({ name, problem: "the cluster is not up" }));
  let known: NodeState[];
  try {
    const answer = await askApi(layout.kubeconfig, "/api/v1/nodes");
    if (answer.status !== 200) throw new Error(`the API server answered ${answer.status}`);
    known = parseNodes(answer.body);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return NODES.map((name) => ({ name, problem }));
  }
  return await Promise.all(NODES.map((name) => nodeState(layout, known, name)));
}

async function nodeState(layout: Layout, known: readonly NodeState[], name: string): Promise<NodeState> {
  const state = known.find((node) => node.name === name) ?? { name, problem: "not registered" };
  if (state.problem !== undefined) return state;
  // A node counts as ready for 40 s after its kubelet is gone, so that is asked too.
  try {
    const { status, body } = await askApi(layout.kubeconfig, `/api/v1/nodes/${name}/proxy/healthz`);
    return status === 200
      ? state
      : { name, problem: `its kubelet does not answer: ${status} ${body.slice(0, 200)}` };
  } catch (error) {
    return {
      name,
      problem: `its kubelet does not answer: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function daemonStatus(name: string, pid: number | undefined): DaemonStatus {
  return { name, pid, paused: pid !== undefined && statOf(pid)?.state === "T" };
}
