import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { readSettings } from "../../config/settings";
import { container, privilegedRoot, unprivileged } from "../../manifests/common";
import { namespaceManifest } from "../../manifests/namespace";
import { runOnNode } from "../../tools/cluster";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { kubeconfigIn } from "../support/clients";
import { until, untilAccount } from "../support/waiting";

const NODE = "w2";
const NAMESPACE = "fuse-test-scaling";
const DIRECTORY = "/tmp/fuse-test-scaling";

/** Waits for the file `go`, mounts, and prints the machine's clock when it began and when all mounts were there. */
const PRODUCER = `
mkdir -p /scratch/source && echo content >/scratch/source/marker && chmod 755 /scratch/source
trap 'for i in $(seq "$MOUNTS"); do umount -l /mnt/dfs/$i; rmdir /mnt/dfs/$i; done; exit 0' TERM
for i in $(seq "$MOUNTS"); do mkdir -p /mnt/dfs/$i; done
until [ -e /mnt/dfs/go ]; do sleep 0.01; done
read -r began _ </proc/uptime
for i in $(seq "$MOUNTS"); do bindfs -o allow_other /scratch/source /mnt/dfs/$i || exit 1; done
read -r mounted _ </proc/uptime
echo "$began $mounted"
while :; do sleep 0.1; done
`;

/** Prints the machine's clock when all mounts are in its own mountinfo, and reads through the last one. */
const CONSUMER = `
until [ "$(grep -c ' /mnt/dfs/[0-9]* .* fuse' /proc/self/mountinfo)" = "$MOUNTS" ]; do sleep 0.01; done
read -r seen _ </proc/uptime
read -r content </mnt/dfs/$MOUNTS/marker && [ "$content" = content ] && echo "$seen"
`;

function pod(name: string, program: string, mounts: number, image: string): V1Pod {
  const privileged = name === "producer";
  const { resources } = readSettings({ cluster: "embedded", run: "scaling" });
  const parts = container({
    name,
    image,
    imagePullPolicy: "Never",
    program: "",
    env: { MOUNTS: mounts },
    securityContext: privileged ? privilegedRoot : unprivileged(10001),
    resources: resources.consumer,
    nodeMount: {
      name: "bridge",
      mountPath: "/mnt/dfs",
      mountPropagation: privileged ? "Bidirectional" : "HostToContainer",
    },
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      nodeName: NODE,
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 20,
      containers: [
        {
          ...parts,
          command: ["/bin/sh", "-c", program],
          volumeMounts: parts.volumeMounts.filter((mount) => mount.name !== "programs"),
          // A daemon for each mount: the test's own limits are for one.
          resources: {},
        },
      ],
      volumes: [
        { name: "bridge", hostPath: { path: DIRECTORY, type: "DirectoryOrCreate" } },
        { name: "scratch", emptyDir: {} },
      ],
    },
  };
}

/** How long mounts took to be seen, in seconds; the clock has a resolution of 0.01 s, and so have the polls. */
export interface Spread {
  /** From the first mount's beginning until the producer had all. */
  readonly mounted: number;
  /** From the moment when the producer had all until each consumer saw all; not below 0. */
  readonly seen: readonly number[];
}

/** Mounts FUSE filesystems in one pod and measures when each of some consumers on the node sees all of them. */
export async function measureSpread(
  cluster: ClusterDescriptor,
  { consumers, mounts }: { readonly consumers: number; readonly mounts: number },
): Promise<Spread> {
  const core = kubeconfigIn(cluster.kubeconfig).makeApiClient(CoreV1Api);
  const onNode = async (...argv: readonly string[]): Promise<string> =>
    (await runOnNode({ name: cluster.name, node: NODE, argv, timeoutMilliseconds: 10_000 })).stdout;
  const names = Array.from({ length: consumers }, (_, index) => `consumer-${index + 1}`);
  const logOf = async (name: string): Promise<string> =>
    (await core.readNamespacedPodLog({ namespace: NAMESPACE, name })).trim();
  const phasesOf = async (): Promise<(string | undefined)[]> =>
    (await core.listNamespacedPod({ namespace: NAMESPACE })).items.map(({ status }) => status?.phase);
  await core.createNamespace({ body: namespaceManifest(NAMESPACE, "bench") });
  try {
    await untilAccount(core, NAMESPACE, 10);
    const pods = [
      pod("producer", PRODUCER, mounts, cluster.image),
      ...names.map((name) => pod(name, CONSUMER, mounts, cluster.image)),
    ];
    for (const body of pods) await core.createNamespacedPod({ namespace: NAMESPACE, body });
    await until("all pods run", 180, async () => (await phasesOf()).every((phase) => phase === "Running"));
    await onNode("touch", `${DIRECTORY}/go`);
    await until("all consumers have seen the mounts", 120, async () => {
      const phases = await phasesOf();
      if (phases.includes("Failed")) throw new Error("a consumer could not read, or the producer not mount");
      return phases.filter((phase) => phase === "Succeeded").length === consumers;
    });
    const [began = NaN, mounted = NaN] = (await logOf("producer")).split(" ").map(Number);
    const seen = await Promise.all(names.map(async (name) => Number(await logOf(name))));
    return { mounted: mounted - began, seen: seen.map((at) => Math.max(0, at - mounted)) };
  } finally {
    await core.deleteNamespace({ name: NAMESPACE });
    await until(`${NAMESPACE} is gone`, 120, async () => {
      const { items } = await core.listNamespace({ fieldSelector: `metadata.name=${NAMESPACE}` });
      return items.length === 0;
    });
    await onNode("rm", "-f", `${DIRECTORY}/go`);
    await onNode("rmdir", DIRECTORY);
  }
}
