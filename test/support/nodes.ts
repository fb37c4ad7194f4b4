import { runOnNode } from "../../tools/cluster";
import { E2E_CLUSTER } from "./names";

/**
 * Runs a command in a node's own namespaces and gives what it prints.
 * @throws Error with what it printed if it fails.
 */
export async function onNode(
  node: "w1" | "w2",
  argv: readonly string[],
  timeoutMilliseconds = 10_000,
): Promise<string> {
  const { code, stdout, stderr } = await runOnNode({
    name: E2E_CLUSTER,
    node,
    argv,
    timeoutMilliseconds,
  });
  if (code !== 0) throw new Error(`${argv.join(" ")} on ${node}: exit status ${code}: ${stderr}`);
  return stdout;
}
