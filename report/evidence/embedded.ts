import { embeddedClusterAt } from "../../tools/cluster/descriptor";
import { runOnNode } from "../../tools/cluster/operate";
import type { Client } from "../../kube/client";
import { type Beyond, commands } from "./node-mounts";

/** Time limit of an answer, in milliseconds. */
const ANSWER_MILLISECONDS = 4000;

/**
 * Reads the mountinfo of a node of the embedded cluster, which runs on this machine: no pod needs a privilege
 * for it.
 * @returns undefined if it is another cluster, or if the user has no access.
 */
export async function readOnEmbedded(
  client: Client,
  node: string,
  whose: Beyond,
): Promise<string | undefined> {
  const name = embeddedClusterAt(client.config.getCurrentCluster()?.server ?? "");
  if (name === undefined || (node !== "w1" && node !== "w2")) return undefined;
  try {
    const argv = commands[whose];
    const { code, stdout } = await runOnNode({ name, node, argv, timeoutMilliseconds: ANSWER_MILLISECONDS });
    return code === 0 ? stdout : undefined;
  } catch {
    return undefined;
  }
}
