export { clusterUp } from "./up";
export { clusterDown } from "./down";
export { clusterStatus, type ClusterStatus } from "./status";
export { NODES, type ClusterOptions, type NodeName, type RootPropagation, type UpOptions } from "./options";
