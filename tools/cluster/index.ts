export type { Place } from "./namespaces";
export type { CommandResult } from "../setup/run";
export { DAEMON_NAMES, type DaemonName } from "./daemons";
export { clusterDown } from "./down";
export {
  anchorPids,
  clusterNetwork,
  issueKubeconfig,
  pauseDaemon,
  resumeDaemon,
  runOnNode,
  startDaemon,
  stopDaemon,
  type IssueOptions,
  type RunOnNodeOptions,
} from "./operate";
export {
  NODES,
  type ClusterOptions,
  type NodeName,
  type RootPropagation,
  type Roots,
  type UpOptions,
} from "./options";
export { clusterStatus, type ClusterStatus } from "./status";
export { clusterUp } from "./up";
