export { DAEMON_NAMES } from "./daemons";
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
} from "./operate";
export { NODES } from "./options";
export { clusterStatus } from "./status";
export { clusterUp } from "./up";
