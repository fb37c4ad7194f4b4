import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFolder } from "../tools/create-folder.cjs";
import { readDescriptor } from "../tools/cluster/descriptor";
import { stateHome } from "../tools/setup/paths";
import { clusterConfig } from "../kube/cluster-config";
import { CoreV1Api } from "@kubernetes/client-node";

const file = join(stateHome(), "embedded-cluster-of-the-last-start");

/** Returns the uid of the kube-system namespace, in which an embedded cluster differs from the next one of the same name. */
async function identity(): Promise<string> {
  const config = clusterConfig({ kubeconfig: readDescriptor().kubeconfig });
  const { metadata } = await config.makeApiClient(CoreV1Api).readNamespace({ name: "kube-system" });
  return metadata?.uid ?? "";
}

function lastIdentity(): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Returns true if the embedded cluster is another one than at the last start: what the stack's state lists is then gone
 * with the old one, and the state has to be refreshed. Records the current cluster.
 */
export async function clusterIsAnother(): Promise<boolean> {
  const [now, before] = [await identity(), lastIdentity()];
  createFolder(stateHome(), 0o700);
  writeFileSync(file, now);
  return before !== undefined && before !== now;
}
