import assert from "node:assert/strict";
import { BatchV1Api } from "@kubernetes/client-node";
import { runOnNode } from "../../tools/cluster";
import { isFuse, parseMountinfo } from "../../verdict/mountinfo";
import { readDescriptor } from "../../tools/cluster/descriptor";
import { clusterApi, kubeconfigIn } from "./clients";

/** What shows that a test ever ran. */
export interface Leftovers {
  /** Mount points, as `NODE:PATH`. */
  readonly mounts: readonly string[];
  /** Paths, as `NODE:PATH`. */
  readonly directories: readonly string[];
  /** Objects of the API, as `KIND/NAME`. */
  readonly objects: readonly string[];
  /** Command lines, as `NODE:COMMAND`. */
  readonly processes: readonly string[];
}

const NODES = ["w1", "w2"] as const;

async function lines(
  cluster: string,
  node: (typeof NODES)[number],
  argv: readonly string[],
): Promise<string[]> {
  const { code, stdout, stderr } = await runOnNode({ name: cluster, node, argv });
  if (code !== 0) throw new Error(`${argv.join(" ")} on ${node}: exit status ${code}: ${stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}

async function onNodes(
  cluster: string,
  argv: readonly string[],
  pick: (output: readonly string[]) => readonly string[],
): Promise<string[]> {
  const found = await Promise.all(
    NODES.map(async (node) => pick(await lines(cluster, node, argv)).map((what) => `${node}:${what}`)),
  );
  return found.flat();
}

async function objects(cluster: string): Promise<string[]> {
  const core = clusterApi(cluster);
  const labelSelector = "app.kubernetes.io/name=fuse-test";
  const batch = kubeconfigIn(readDescriptor(cluster).kubeconfig).makeApiClient(BatchV1Api);
  const [namespaces, pods, configMaps, jobs] = await Promise.all([
    core.listNamespace({ labelSelector }),
    core.listPodForAllNamespaces({ labelSelector }),
    core.listConfigMapForAllNamespaces({ labelSelector }),
    batch.listJobForAllNamespaces({ labelSelector }),
  ]);
  const named = (kind: string, items: readonly { metadata?: { name?: string } }[]): string[] =>
    items.map(({ metadata }) => `${kind}/${metadata?.name ?? ""}`);
  return [
    ...named("Namespace", namespaces.items),
    ...named("Pod", pods.items),
    ...named("ConfigMap", configMaps.items),
    ...named("Job", jobs.items),
  ];
}

/** Looks for everything of the test on a cluster and on both of its nodes. */
export async function leftovers(cluster: string): Promise<Leftovers> {
  const [mounts, directories, processes, found] = await Promise.all([
    onNodes(cluster, ["cat", "/proc/1/mountinfo"], (output) =>
      parseMountinfo(output.join("\n"))
        .filter((mount) => isFuse(mount) || mount.mountPoint.includes("fuse-test-bridge"))
        .map(({ mountPoint }) => mountPoint),
    ),
    onNodes(cluster, ["find", "/tmp", "-maxdepth", "1", "-name", "fuse-test-bridge*"], (output) => output),
    onNodes(cluster, ["ps", "-eo", "args"], (output) =>
      output.filter((line) => /^(rclone|bindfs|squashfuse) |\/fuse-test\/\w+\.sh/.test(line)),
    ),
    objects(cluster),
  ]);
  return { mounts, directories, objects: found, processes };
}

const nothing: Leftovers = { mounts: [], directories: [], objects: [], processes: [] };

/**
 * Asserts that neither the cluster nor a node shows that a test ever ran.
 * @param said what the command printed that was to clean, for the message
 */
export async function assertNothingLeft(cluster: string, said: string): Promise<void> {
  const left = await leftovers(cluster);
  assert.deepEqual(left, nothing, `left: ${JSON.stringify(left)}, and it said:\n${said}`);
}
