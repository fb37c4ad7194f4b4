import { existsSync } from "node:fs";
import { findAnchors } from "./anchors";
import { askApi, parseNodes, type NodeState } from "./api";
import { DAEMON_NAMES, daemonsOf } from "./daemons";
import { findDaemons } from "./daemonControl";
import { layoutOf, type Layout } from "./layout";
import { networkOf } from "./network";
import { NODES } from "./options";
import { readSettings } from "./settings";

/** What runs and what does not. */
export interface ClusterStatus {
  readonly name: string;
  /** Each daemon, with its process id as the machine sees it; undefined if it does not run. */
  readonly daemons: readonly { readonly name: string; readonly pid: number | undefined }[];
  /** Each node, with what keeps it from taking pods; undefined if nothing does. */
  readonly nodes: readonly NodeState[];
  /** True if every daemon runs, both nodes take pods, and the start was completed. */
  readonly healthy: boolean;
}

/** Looks at a cluster and changes nothing. A cluster that is not there is not healthy, and no error. */
export async function clusterStatus(options: { readonly name: string }): Promise<ClusterStatus> {
  const layout = layoutOf(options.name);
  const settings = readSettings(layout);
  const running =
    settings === undefined
      ? new Map<string, number>()
      : findDaemons(findAnchors(layout), daemonsOf({ layout, network: networkOf(settings.block) }));
  const daemons = DAEMON_NAMES.map((name) => ({ name, pid: running.get(name) }));
  const nodes = await nodeStates(layout);
  const healthy =
    daemons.every(({ pid }) => pid !== undefined) &&
    nodes.every(({ problem }) => problem === undefined) &&
    existsSync(layout.descriptor);
  return { name: options.name, daemons, nodes, healthy };
}

/** Both nodes, as the API server knows them. One that does not answer is a problem of both. */
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
  return NODES.map((name) => known.find((node) => node.name === name) ?? { name, problem: "not registered" });
}
