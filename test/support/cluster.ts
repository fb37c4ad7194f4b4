import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { clusterUp } from "../../tools/cluster";
import { type ClusterDescriptor, readDescriptor } from "../../tools/cluster/descriptor";
import { layoutOf } from "../../tools/cluster/layout";
import { E2E_CLUSTER } from "./names";

let started: Promise<ClusterDescriptor> | undefined;

/**
 * The cluster that the end-to-end tests share, brought up if it is not. It stays up for the next
 * file of tests; test/run.ts takes it down at the end.
 */
export function testCluster(): Promise<ClusterDescriptor> {
  started ??= clusterUp({ name: E2E_CLUSTER, log: () => undefined }).then(() => readDescriptor(E2E_CLUSTER));
  return started;
}

/** Lists files, processes and mounts of an embedded cluster, of which there are none once it has been taken down. */
export function tracesOfCluster(name: string): string[] {
  const { folder } = layoutOf(name);
  const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  return [
    ...(existsSync(folder) ? readdirSync(folder).map((entry) => `${folder}/${entry}`) : []),
    ...processes.filter((line) => line.includes(folder)),
    ...readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .filter((line) => line.includes(folder)),
  ];
}
