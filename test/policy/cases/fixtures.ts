import { readSettings } from "../../../config/settings";
import { type PodSettings, runDirectory } from "../../../manifests/common";
import { consumerManifest } from "../../../manifests/consumer";
import { examinationConsumerManifest, examinationProducerManifest } from "../../../manifests/examination";
import { producerManifest } from "../../../manifests/producer";

/** Type token of a pod. */
export const POD = "kubernetes:core/v1:Pod";

const settings = readSettings({
  image: `registry.example/tools/fuse-test@sha256:${"ab".repeat(32)}`,
  kubeconfig: "/nowhere",
});

/** Settings that the policies accept. */
export const podSettings: PodSettings = {
  ...settings,
  hostPath: runDirectory(settings),
  image: settings.image ?? "",
  imagePullPolicy: "IfNotPresent",
};

/** The pods of the quick test, as the program creates them. */
export const producer = producerManifest(podSettings);
export const consumer = consumerManifest(podSettings, {
  role: "consumer",
  mountPropagation: "HostToContainer",
});
export const control = consumerManifest(podSettings, { role: "control", mountPropagation: "None" });

/** The pods of the examination. */
export const examined = (["standard", "full"] as const).flatMap((suite) => [
  examinationProducerManifest(podSettings, suite),
  examinationConsumerManifest(podSettings, suite),
]);

/** An ordinary container. */
export const nginx = { name: "web", image: "docker.io/library/nginx:1.29" };

/** An ordinary pod of another namespace. */
export function ordinary(spec: Readonly<Record<string, unknown>> = {}, namespace = "default") {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace },
    spec: { containers: [nginx], ...spec },
  };
}

/** The spec of a pod that is a FUSE test, and not this project's. */
export const foreignTest = {
  containers: [
    {
      ...nginx,
      securityContext: { privileged: true },
      volumeMounts: [{ name: "bridge", mountPath: "/mnt", mountPropagation: "Bidirectional" }],
    },
  ],
  volumes: [{ name: "bridge", hostPath: { path: "/srv/media" } }],
};

interface Carrier {
  readonly type: string;
  readonly wrap: (spec: unknown, namespace: string) => unknown;
}

const selector = { matchLabels: { app: "web" } };
const template = (spec: unknown) => ({ metadata: { labels: { app: "web" } }, spec });

function carrier(type: string, rest: (spec: unknown) => Record<string, unknown>): Carrier {
  const [groupVersion = "", kind] = type.split(":");
  return {
    type: `kubernetes:${type}`,
    wrap: (spec, namespace) => ({
      apiVersion: groupVersion.replace(/^core\//, ""),
      kind,
      metadata: { name: "web", namespace },
      ...rest(spec),
    }),
  };
}

function restarting(spec: unknown, restartPolicy: string) {
  return { ...(spec as Record<string, unknown>), restartPolicy };
}

/** Kinds of the API server whose controller creates pods. */
export const carriers: readonly Carrier[] = [
  carrier("apps/v1:Deployment", (spec) => ({ spec: { selector, template: template(spec) } })),
  carrier("apps/v1:ReplicaSet", (spec) => ({ spec: { selector, template: template(spec) } })),
  carrier("apps/v1:StatefulSet", (spec) => ({
    spec: { selector, serviceName: "web", template: template(spec) },
  })),
  carrier("apps/v1:DaemonSet", (spec) => ({ spec: { selector, template: template(spec) } })),
  carrier("batch/v1:Job", (spec) => ({ spec: { template: template(restarting(spec, "Never")) } })),
  carrier("batch/v1:CronJob", (spec) => ({
    spec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template: template(restarting(spec, "Never")) } } },
  })),
  carrier("core/v1:ReplicationController", (spec) => ({
    spec: { selector: { app: "web" }, template: template(spec) },
  })),
  carrier("core/v1:PodTemplate", (spec) => ({ template: template(spec) })),
  carrier("apps/v1:ControllerRevision", (spec) => ({
    revision: 1,
    data: { spec: { template: template(spec) } },
  })),
];

/** Kinds that only other controllers, only Pulumi, or only older API servers have. */
export const foreignCarriers: readonly Carrier[] = [
  ...["apps/v1beta1:Deployment", "apps/v1beta2:DaemonSet", "extensions/v1beta1:Deployment"].map((type) =>
    carrier(type, (spec) => ({ spec: { selector, template: template(spec) } })),
  ),
  carrier("batch/v1beta1:CronJob", (spec) => ({
    spec: { jobTemplate: { spec: { template: template(spec) } } },
  })),
  carrier("core/v1:PodPatch", (spec) => ({ spec })),
  carrier("apps/v1:DeploymentPatch", (spec) => ({ spec: { template: template(spec) } })),
  carrier("core/v1:PodList", (spec) => ({ items: [{ apiVersion: "v1", kind: "Pod", spec }] })),
  carrier("core/v1:List", (spec) => ({ items: [{ apiVersion: "v1", kind: "Pod", spec }] })),
  carrier("argoproj.io/v1alpha1:Rollout", (spec) => ({ spec: { template: template(spec) } })),
  carrier("tekton.dev/v1:TaskRun", (spec) => ({ spec: { podTemplate: spec, taskSpec: { steps: [] } } })),
  carrier("kubevirt.io/v1:VirtualMachine", (spec) => ({ spec: { template: { spec } } })),
  carrier("helm.sh/v3:Release", (spec) => ({ chart: "x", values: { extra: spec } })),
  carrier("helm.toolkit.fluxcd.io/v2:HelmRelease", (spec) => ({ spec: { values: { pod: spec } } })),
  carrier("kustomize.toolkit.fluxcd.io/v1:Kustomization", (spec) => ({
    spec: { patches: [{ patch: JSON.stringify({ spec }) }] },
  })),
  carrier("argoproj.io/v1alpha1:Application", (spec) => ({
    spec: { source: { helm: { values: JSON.stringify(spec) } } },
  })),
  carrier("pulumi.com/v1:Stack", (spec) => ({ spec: { config: { manifest: JSON.stringify(spec) } } })),
  carrier("pulumi.com/v1:Program", (spec) => ({
    program: { resources: { pod: { type: POD, properties: { spec } } } },
  })),
  carrier("yaml/v2:ConfigGroup", (spec) => ({ yaml: JSON.stringify(spec) })),
  carrier("yaml/v2:ConfigFile", (spec) => ({ objects: [spec] })),
  carrier("kustomize/v2:Directory", (spec) => ({ patches: [spec] })),
];
