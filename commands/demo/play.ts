import { join } from "node:path";
import { runOnNode } from "../../tools/cluster";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { PROJECT_FOLDER } from "../../tools/command-line/folder";
import { readSettings } from "../../config/settings";
import { waitUntil } from "../../kube/wait";
import type { PodSettings } from "../../manifests/common";
import { programsManifest } from "../../manifests/configmap";
import { namespaceManifest } from "../../manifests/namespace";
import type { Verdict } from "../../protocol/verdict";
import { collectEvidence } from "../../report/evidence/collect";
import { judge } from "../../verdict/judge";
import { type Client, connect } from "../../kube/client";
import { formatProgressLine, type ProgressLine } from "../../protocol/progress";
import { writeReport } from "../../report/write";
import { brokenTest, type Fault } from "./faults";

export interface PlayOptions {
  readonly cluster: ClusterDescriptor;
  readonly fault: Fault;
  /** Id of the run, which names its report. */
  readonly run: string;
  readonly print: (line: string) => void;
  /** Stops the wait for a verdict. */
  readonly signal: AbortSignal;
}

/** Owner of the namespace, for its label. */
const OWNER = "demo";

/** Time that the namespace's service account may take to be created, in milliseconds. No pod is admitted before. */
const ACCOUNT_MILLISECONDS = 30_000;

function settingsOf({ cluster, fault, run }: PlayOptions): PodSettings {
  const settings = readSettings({ cluster: "embedded", run, node: fault.node, timeoutSeconds: "60" });
  return { ...settings, image: cluster.image, imagePullPolicy: "Never" };
}

async function untilAccount({ core }: Client, namespace: string): Promise<void> {
  await waitUntil({
    what: `the service account of namespace ${namespace}`,
    timeoutMilliseconds: ACCOUNT_MILLISECONDS,
    look: async () =>
      (await core.listNamespacedServiceAccount({ namespace })).items.length === 0
        ? "there is none"
        : undefined,
  });
}

async function breakNode({ cluster, fault }: PlayOptions): Promise<void> {
  if (fault.breakNode === undefined) return;
  const { code, stderr } = await runOnNode({ name: cluster.name, node: fault.node, argv: fault.breakNode });
  if (code !== 0) throw new Error(`${fault.breakNode.join(" ")} on ${fault.node} failed: ${stderr}`);
}

/**
 * Creates the test with a fault in it, as kubectl would: without a stack and without policies. Judges it like every other
 * test, and writes its report. Its objects are removed with its cluster.
 */
export async function play(options: PlayOptions): Promise<Verdict> {
  const { cluster, fault, run, signal, print } = options;
  const settings = settingsOf(options);
  const { namespace, node, driver, image, hostPath } = settings;
  const client = connect({ kubeconfig: cluster.kubeconfig });
  const test = brokenTest(fault, settings);
  await client.core.createNamespace({ body: namespaceManifest(namespace, OWNER) });
  const { metadata } = programsManifest(namespace, OWNER);
  await client.core.createNamespacedConfigMap({ namespace, body: { metadata, data: test.programs } });
  await untilAccount(client, namespace);
  await breakNode(options);
  const start = Date.now();
  for (const pod of Object.values(test.pods)) {
    await client.core.createNamespacedPod({ namespace, body: pod });
  }
  const timeoutSeconds = 60;
  const printProgress = (line: ProgressLine): void => {
    print(formatProgressLine(line));
  };
  const judged = await judge({
    client,
    expected: test,
    question: { run, node, namespace, driver, image, hostPath, timeoutSeconds },
    start,
    deadline: start + timeoutSeconds * 1000,
    signal,
    onProgress: (what) => {
      printProgress({ kind: "waiting", what });
    },
    onCheck: (check) => {
      printProgress({ kind: "check", check });
    },
  });
  const folder = join(PROJECT_FOLDER, "reports", run);
  const verdict = { ...judged.judgement, report: folder };
  await collectEvidence({ client, ...judged, reachable: true, folder });
  writeReport({ verdict, folder });
  return verdict;
}
