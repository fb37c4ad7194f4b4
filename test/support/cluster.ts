import { clusterUp } from "../../cluster";
import { type ClusterDescriptor, readDescriptor } from "../../cluster/descriptor";
import { E2E_CLUSTER } from "./names";

let started: Promise<ClusterDescriptor> | undefined;

/**
 * The cluster that the end-to-end tests share, brought up where it is not. It stays up for the next
 * file of tests; test/run.ts takes it down at the end.
 */
export function testCluster(): Promise<ClusterDescriptor> {
  started ??= clusterUp({ name: E2E_CLUSTER, log: () => undefined }).then(() => readDescriptor(E2E_CLUSTER));
  return started;
}
