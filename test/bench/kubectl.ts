import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "../../config/settings";
import { programsManifest } from "../../manifests/configmap";
import { consumerManifest } from "../../manifests/consumer";
import { namespaceManifest, networkPolicyManifest, quotaManifest } from "../../manifests/namespace";
import { producerManifest } from "../../manifests/producer";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { runChild } from "../../tools/child.cjs";
import { kubernetesBin } from "../../tools/setup/paths";

/** The test's objects through kubectl, without Pulumi and without a verdict: what the test is measured against. */
export interface Kubectl {
  /** Applies all objects and waits until the consumer has succeeded. */
  readonly apply: () => Promise<void>;
  /** Deletes the pods, applies all objects and waits likewise. */
  readonly again: () => Promise<void>;
  /** Deletes the namespace. */
  readonly remove: () => Promise<void>;
}

/**
 * Prepares the same objects for kubectl.
 * @param folder where their files are written
 */
export function kubectlOf(cluster: ClusterDescriptor, folder: string): Kubectl {
  const settings = {
    ...readSettings({ cluster: "embedded", run: "bench", suite: "quick" }),
    image: cluster.image,
    imagePullPolicy: "Never" as const,
  };
  const { namespace } = settings;
  const pods = {
    ...settings,
    hostPath: `${settings.hostPath}/${settings.run}`,
  };
  const items = [
    namespaceManifest(namespace, "bench"),
    quotaManifest(namespace),
    networkPolicyManifest(namespace),
    programsManifest(namespace, "bench"),
    producerManifest(pods),
    consumerManifest(pods, { role: "consumer", mountPropagation: "HostToContainer" }),
    consumerManifest(pods, { role: "control", mountPropagation: "None" }),
  ];
  const file = join(folder, "objects.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));

  async function kubectl(...args: readonly string[]): Promise<void> {
    const { status, stderr } = await runChild(
      join(kubernetesBin(), "kubectl"),
      ["--kubeconfig", cluster.kubeconfig, "--namespace", namespace, ...args],
      { timeoutMilliseconds: 120_000, stdio: ["ignore", "ignore", "pipe"] },
    );
    if (status !== 0)
      throw new Error(`kubectl ${args.join(" ")} failed (status ${status}): ${stderr.trim()}`);
  }
  const apply = async (): Promise<void> => {
    await kubectl("apply", "--server-side", "--filename", file);
    await kubectl(
      ...["wait", "pod/fuse-consumer", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s"],
    );
  };
  return {
    apply,
    again: async () => {
      await kubectl("delete", "pods", "--all");
      await apply();
    },
    remove: () => kubectl("delete", "namespace", namespace),
  };
}
