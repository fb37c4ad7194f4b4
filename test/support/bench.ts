import { CoreV1Api, KubernetesObjectApi, type V1Pod } from "@kubernetes/client-node";
import { runOnNode } from "../../tools/cluster";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { readSettings } from "../../config/settings";
import type { PodSettings, Role } from "../../manifests/common";
import { programsManifest } from "../../manifests/configmap";
import { consumerManifest } from "../../manifests/consumer";
import { producerManifest } from "../../manifests/producer";
import { hashOf } from "../../config/programs";
import type { Verdict } from "../../protocol/verdict";
import { judge, type Judged } from "../../verdict/judge";
import type { Question } from "../../verdict/observation";
import { connect } from "../../kube/client";
import type { ExpectedTest } from "../../verdict/origin/expected";
import type { EventName } from "../../protocol/pod-log";
import { preflight } from "../../verdict/preflight";
import { kubeconfigIn } from "./clients";
import { untilAccount } from "./waiting";

/** The pods' programs by file name. */
export type Files = Readonly<Record<string, string>>;

/** How a run on the bench differs from the test as it is. */
export interface Scenario {
  /** Lower-case letters, digits and dashes: part of the namespace's and the directory's name. */
  readonly name: string;
  readonly settings?: Partial<PodSettings>;
  /** Changes the programs that the pods run. */
  readonly programs?: (files: Files) => Files;
  /** Changes a pod's manifest. */
  readonly pod?: (pod: V1Pod, role: Role) => V1Pod;
  /** Labels of the namespace beside the usual ones. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** Done between the namespace and the pods. */
  readonly prepare?: (scene: Scene) => Promise<void>;
  /** Done once the pods are there, while the verdict is awaited. */
  readonly meanwhile?: (scene: Scene) => Promise<void>;
  /** Done once there is a verdict, while the pods are still there. */
  readonly afterVerdict?: (scene: Scene) => Promise<void>;
  /** The producer's event at which the fault begins, where that is later than the making of the pods. */
  readonly injectedAt?: EventName;
  /** Undoes what prepare and meanwhile did, when the pods are gone. */
  readonly undo?: (scene: Scene) => Promise<void>;
  /** Path of the kubeconfig with which the preflight asks; the administrator's unless it says otherwise. */
  readonly kubeconfig?: string;
  /** Path of the kubeconfig with which the run is observed; the administrator's unless it says otherwise. */
  readonly observer?: string;
  /**
   * True if the run is judged as the program judges it: by what this version ships. A scenario otherwise stands for a
   * version that ships the scenario's own pods and programs.
   */
  readonly asShipped?: boolean;
  /** True if the directory on the node is another scenario's, which continues with it: it is not removed. */
  readonly borrowsDirectory?: boolean;
}

/** Where a scenario plays. */
export interface Scene {
  readonly core: CoreV1Api;
  readonly objects: KubernetesObjectApi;
  readonly settings: PodSettings;
  readonly cluster: ClusterDescriptor;
}

/** A judged scenario. */
export interface Played extends Judged {
  readonly verdict: Verdict;
  /** From the making of the pods to the verdict, seconds. */
  readonly seconds: number;
  /** When the fault could take effect: when the pods were made, or `meanwhile` began; milliseconds since 1970. */
  readonly injected: number;
}

const roles = ["producer", "consumer", "control"] as const;
const consumers = {
  consumer: { role: "consumer", mountPropagation: "HostToContainer" },
  control: { role: "control", mountPropagation: "None" },
} as const;

/** Where a scenario plays, by its name. */
export function sceneOf(cluster: ClusterDescriptor, scenario: Scenario): Scene {
  const config = kubeconfigIn(cluster.kubeconfig);
  const settings: PodSettings = {
    ...readSettings({
      cluster: "embedded",
      run: scenario.name,
      namespace: `fuse-test-${scenario.name}`,
      hostPath: `/tmp/fuse-test-${scenario.name}`,
      timeoutSeconds: "40",
    }),
    image: cluster.image,
    imagePullPolicy: "Never",
    ...scenario.settings,
  };
  return {
    core: config.makeApiClient(CoreV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    settings,
    cluster,
  };
}

/** The manifests of a scenario's pods, producer first, as a version makes them that ships the scenario's programs. */
export function podsOf(scene: Scene, scenario: Scenario): V1Pod[] {
  const { settings } = scene;
  return roles.map((role) => {
    const manifest =
      role === "producer" ? producerManifest(settings) : consumerManifest(settings, consumers[role]);
    const pod = structuredClone(manifest) as unknown as V1Pod;
    if (scenario.asShipped !== true && pod.metadata?.annotations !== undefined)
      pod.metadata.annotations["fuse-test/programs"] = hashOf(programsOf(scene, scenario));
    return scenario.pod === undefined ? pod : scenario.pod(pod, role);
  });
}

function questionOf(settings: PodSettings): Question {
  const { run, node, namespace, driver, image, hostPath, timeoutSeconds } = settings;
  return { run, node, namespace, driver, image, hostPath, timeoutSeconds };
}

function programsOf({ settings }: Scene, scenario: Scenario): Files {
  const { data } = programsManifest(settings.namespace, "bench");
  return scenario.programs?.(data) ?? data;
}

/** What the scenario's version ships. */
function expectedOf(scene: Scene, scenario: Scenario): ExpectedTest {
  const [producer, consumer, control] = podsOf(scene, scenario);
  return { pods: { producer, consumer, control }, programs: programsOf(scene, scenario) };
}

async function makeNamespace(
  scene: Scene,
  scenario: Scenario,
  options: { readonly waitForAccount: boolean },
): Promise<void> {
  const labels = {
    "pod-security.kubernetes.io/enforce": "privileged",
    "fuse-test/bench": "yes",
    ...scenario.namespaceLabels,
  };
  const { core, settings } = scene;
  const { namespace } = settings;
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
  const { metadata } = programsManifest(namespace, "bench");
  const body = { metadata, data: { ...programsOf(scene, scenario) } };
  await core.createNamespacedConfigMap({ namespace, body });
  // No pod is admitted before the namespace has it; the preflight waits for it by itself.
  if (options.waitForAccount) await untilAccount(core, namespace, 5);
}

/** Removes the directory of a scenario by name, with what an impostor may have left in it. Never recursively. */
const removeDirectory = `
while grep -q " $1[ /]" /proc/self/mountinfo; do
  umount --lazy "$(grep -o " $1[^ ]* " /proc/self/mountinfo | tail -n 1 | tr -d " ")" || exit 1
done
rm -f "$1"/signals/* "$1"/mount/marker "$1"/mount/data "$1"/mount/link "$1"/mount/directory/inside "$1"/mount/NOT-MOUNTED
rmdir "$1"/mount/directory "$1"/mount "$1"/signals "$1" 2>/dev/null
[ ! -e "$1" ]
`;

/** Deletes the pods and then the namespace, which goes by itself, and the directory on the node. */
async function strike(
  scene: Scene,
  { undo, borrowsDirectory = false }: Pick<Scenario, "undo" | "borrowsDirectory"> = {},
): Promise<void> {
  const { core, settings, cluster } = scene;
  const { namespace, hostPath, node } = settings;
  const selector = "app.kubernetes.io/name=fuse-test";
  await core.deleteCollectionNamespacedPod({ namespace, labelSelector: selector });
  for (let polls = 0; polls < 300; polls++) {
    const { items } = await core.listNamespacedPod({ namespace });
    if (items.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await core.deleteNamespace({ name: namespace });
  await undo?.(scene);
  if (borrowsDirectory || (node !== "w1" && node !== "w2")) return;
  const { code, stderr } = await runOnNode({
    name: cluster.name,
    node,
    argv: ["sh", "-c", removeDirectory, "sh", hostPath],
    timeoutMilliseconds: 10_000,
  });
  if (code !== 0) throw new Error(`${hostPath} on ${node} cannot be removed: ${stderr}`);
}

/** Asks the preflight about a scenario whose namespace is made for it. */
export async function playPreflight(
  cluster: ClusterDescriptor,
  scenario: Scenario,
): Promise<Played | undefined> {
  const scene = sceneOf(cluster, scenario);
  try {
    await makeNamespace(scene, scenario, { waitForAccount: false });
    await scenario.prepare?.(scene);
    return await askPreflight(scene, scenario);
  } finally {
    await strike(scene, scenario);
  }
}

/** Asks the preflight, with nothing made for it. */
export async function askPreflight(scene: Scene, scenario: Scenario): Promise<Played | undefined> {
  const start = Date.now();
  const client = connect({ kubeconfig: scenario.kubeconfig ?? scene.cluster.kubeconfig });
  const judged = await preflight({
    client,
    question: questionOf(scene.settings),
    start,
    pods: podsOf(scene, scenario),
  });
  const seconds = (Date.now() - start) / 1000;
  return judged && { ...judged, verdict: { ...judged.judgement, report: "" }, seconds, injected: start };
}

/** Plays a scenario: makes its namespace, programs and pods, and judges them. Leaves nothing. */
export async function play(cluster: ClusterDescriptor, scenario: Scenario): Promise<Played> {
  const scene = sceneOf(cluster, scenario);
  const { core, settings } = scene;
  try {
    await makeNamespace(scene, scenario, { waitForAccount: true });
    await scenario.prepare?.(scene);
    const start = Date.now();
    for (const body of podsOf(scene, scenario))
      await core.createNamespacedPod({ namespace: settings.namespace, body });
    const judging = judge({
      client: connect({ kubeconfig: scenario.observer ?? cluster.kubeconfig }),
      question: questionOf(settings),
      ...(scenario.asShipped === true ? {} : { expected: expectedOf(scene, scenario) }),
      start,
      deadline: start + settings.timeoutSeconds * 1000,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    const injected = scenario.meanwhile === undefined ? start : Date.now();
    await scenario.meanwhile?.(scene);
    const judged = await judging;
    const seconds = (Date.now() - start) / 1000;
    return { ...judged, verdict: { ...judged.judgement, report: "" }, seconds, injected };
  } finally {
    try {
      await scenario.afterVerdict?.(scene);
    } finally {
      await strike(scene, scenario);
    }
  }
}
