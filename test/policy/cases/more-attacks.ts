import { type Case, secret, UNKNOWN } from "./case";
import { foreignTest, nginx, ordinary, POD } from "./fixtures";
import { other, privileged, rclone, rights, seen, volume, withContainer } from "./other";

export const mount = (more: object = {}) => ({ volumeMounts: [{ name: "v", mountPath: "/m", ...more }] });
const bridge = "/tmp/fuse-test-bridge";

export function resource(what: string, type: string, fields: object, more: Partial<Case> = {}): Case {
  const [groupVersion = "", kind = ""] = type.split(":");
  return other(
    what,
    `kubernetes:${type}`,
    { apiVersion: groupVersion, kind, metadata: { name: "x", namespace: "default" }, ...fields },
    { ...seen, ...more },
  );
}

/** Custom resources whose controllers create pods from fields of their own. */
const ofControllers: readonly Case[] = [
  resource("a SparkApplication with a driver's volume", "sparkoperator.k8s.io/v1beta2:SparkApplication", {
    spec: { volumes: [{ name: "v", hostPath: { path: bridge } }], driver: mount() },
  }),
  resource("an Argo Workflow that shares a mount", "argoproj.io/v1alpha1:Workflow", {
    spec: { templates: [{ container: { image: "x", ...mount({ mountPropagation: "Bidirectional" }) } }] },
  }),
  resource("a CronWorkflow that shares a mount", "argoproj.io/v1alpha1:CronWorkflow", {
    spec: { workflowSpec: { templates: [{ script: mount({ mountPropagation: "Bidirectional" }) }] } },
  }),
  resource("a workflow's patch of its pods", "argoproj.io/v1alpha1:Workflow", {
    spec: { podSpecPatch: JSON.stringify(volume({ path: bridge })) },
  }),
  resource("a Knative Service with the device", "serving.knative.dev/v1:Service", {
    spec: { template: { spec: { ...withContainer({}), ...volume({ path: "/dev/fuse" }) } } },
  }),
  resource("a RayCluster with a worker that shares", "ray.io/v1:RayCluster", {
    spec: { workerGroupSpecs: [{ template: { spec: foreignTest } }] },
  }),
  resource("a PyTorchJob with a replica that shares", "kubeflow.org/v1:PyTorchJob", {
    spec: { pytorchReplicaSpecs: { Worker: { template: { spec: foreignTest } } } },
  }),
  resource("a JobSet with a job that shares", "jobset.x-k8s.io/v1alpha2:JobSet", {
    spec: { replicatedJobs: [{ template: { spec: { template: { spec: foreignTest } } } }] },
  }),
  resource("an Elasticsearch with a node that shares", "elasticsearch.k8s.elastic.co/v1:Elasticsearch", {
    spec: { nodeSets: [{ podTemplate: { spec: foreignTest } }] },
  }),
  resource("a Grafana with an override of its Deployment", "grafana.integreatly.org/v1beta1:Grafana", {
    spec: { deployment: { spec: { template: { spec: foreignTest } } } },
  }),
  resource(
    "a collector of OpenTelemetry with the bridge",
    "opentelemetry.io/v1beta1:OpenTelemetryCollector",
    {
      spec: { volumes: [{ name: "v", hostPath: { path: `/${bridge}/.` } }], ...mount() },
    },
  ),
  resource("a Prometheus with a container that shares", "monitoring.coreos.com/v1:Prometheus", {
    spec: { containers: [{ name: "x", ...mount({ mountPropagation: "Bidirectional" }) }] },
  }),
  resource("a Composition with a pod in it", "apiextensions.crossplane.io/v1:Composition", {
    spec: { resources: [{ base: { spec: { forProvider: { manifest: ordinary(foreignTest) } } } }] },
  }),
  resource("an Object of Crossplane with a pod in it", "kubernetes.crossplane.io/v1alpha2:Object", {
    spec: { forProvider: { manifest: ordinary(volume({ path: "/proc/1/root/tmp/fuse-test-bridge" })) } },
  }),
  resource("a ManifestWork with a pod in it", "work.open-cluster-management.io/v1:ManifestWork", {
    spec: { workload: { manifests: [ordinary(foreignTest)] } },
  }),
  resource("a bundle of Fleet with a pod in it", "fleet.cattle.io/v1alpha1:Bundle", {
    spec: { resources: [{ content: JSON.stringify(ordinary(foreignTest)) }] },
  }),
  resource("a HelmChart of k3s with values that share", "helm.cattle.io/v1:HelmChart", {
    spec: { valuesContent: "mounts:\n- mountPropagation: Bidirectional\n" },
  }),
  resource("an Addon of k3s with a manifest", "k3s.cattle.io/v1:Addon", {
    spec: { source: JSON.stringify(ordinary(foreignTest)) },
  }),
  resource("a ResourceGraphDefinition of kro", "kro.run/v1alpha1:ResourceGraphDefinition", {
    spec: { resources: [{ id: "pod", template: ordinary(foreignTest) }] },
  }),
  resource("a Template of OpenShift", "template.openshift.io/v1:Template", {
    objects: [ordinary(foreignTest)],
  }),
  resource("a DeploymentConfig of OpenShift", "apps.openshift.io/v1:DeploymentConfig", {
    spec: { template: { spec: foreignTest } },
  }),
  resource("a MachineConfig with a static pod", "machineconfiguration.openshift.io/v1:MachineConfig", {
    spec: {
      config: {
        storage: {
          files: [
            {
              path: "/etc/kubernetes/manifests/x.yaml",
              contents: {
                source: `data:text/plain;base64,${Buffer.from(JSON.stringify(ordinary(foreignTest))).toString("base64")}`,
              },
            },
          ],
        },
      },
    },
  }),
  resource("a KubeadmConfig with a static pod", "bootstrap.cluster.x-k8s.io/v1beta1:KubeadmConfig", {
    spec: {
      files: [{ path: "/etc/kubernetes/manifests/x.yaml", content: JSON.stringify(ordinary(foreignTest)) }],
    },
  }),
  resource("an OperatorPolicy whose values are secret", "example.com/v1:Thing", {
    spec: { overlay: secret({ volumes: [] }) },
  }),
  resource("a custom resource with an unknown list of mounts", "example.com/v1:Thing", {
    spec: { mounts: UNKNOWN },
  }),
  resource("a custom resource with an unknown template in a list", "example.com/v1:Thing", {
    spec: { items: [{ template: UNKNOWN }] },
  }),
  resource("a SeccompProfile beside a pod in its notes", "example.com/v1:Thing", {
    spec: { notes: `---\n${JSON.stringify(ordinary(foreignTest))}` },
  }),
];

/** Pods that both enforcement points see. */
const pods: readonly Case[] = [
  ...[
    "/proc/1/./task/./7/root",
    "/proc//self//fd//4",
    "/dev/./fd/0",
    "/proc/1/task/7/cwd/x",
    "/tmp/fuse-test-bridge/..",
    "/var/../tmp/fuse-test-bridge",
    "/dev/misc/./fuse",
    "/dev//char//10:229",
  ].map((path) => other(`a pod with the directory ${path}`, POD, ordinary(volume({ path })), {})),
  other(
    "a privileged sidecar of rclone among init containers",
    POD,
    ordinary({
      initContainers: [{ ...nginx, ...rclone, ...privileged, name: "side", restartPolicy: "Always" }],
    }),
    {},
  ),
  other(
    "rclone in one container and privilege in another",
    POD,
    ordinary({
      containers: [
        { ...nginx, ...privileged },
        { ...nginx, ...rclone, name: "other" },
      ],
    }),
    {},
  ),
  ...[
    "mirror.example.com/rclone/rclone:1",
    "rclone",
    "example.com:5000/a/fuse-test:2",
    "x/rclone@sha256:",
  ].map((image) =>
    other(
      `a privileged ${image}`,
      POD,
      ordinary(withContainer({ ...privileged, image: image.replace(/:$/, `:${"b".repeat(64)}`) })),
      {},
    ),
  ),
  other(
    "a pod that asks for a device by a request alone",
    POD,
    ordinary(
      withContainer({
        resources: { requests: { "x.example.com/My-FUSE": "1" }, limits: { "x.example.com/My-FUSE": "1" } },
      }),
    ),
    {},
  ),
  other(
    "rclone with all capabilities in small letters",
    POD,
    ordinary(withContainer({ ...rclone, securityContext: { capabilities: { add: ["all"] } } })),
    {},
  ),
];

/** Ways of other packages and commands. */
const packages: readonly Case[] = [
  other(
    "a DockerContainer with the device",
    "docker:index/container:Container",
    { image: "x", devices: [{ hostPath: "/dev/fuse" }] },
    rights,
  ),
  other(
    "a DockerContainer with the bridge",
    "docker:index/container:Container",
    { image: "x", volumes: [{ hostPath: bridge, containerPath: "/m" }] },
    rights,
  ),
  other(
    "a file that is copied as a manifest",
    "command:remote:CopyToRemote",
    { source: JSON.stringify(ordinary(foreignTest)) },
    rights,
  ),
  other(
    "a Kubernetes object of kubectl's provider",
    "kubectl:index:Manifest",
    { yamlBody: JSON.stringify(ordinary(foreignTest)) },
    rights,
  ),
  other(
    "user data of a machine with a static pod",
    "aws:ec2/instance:Instance",
    {
      userData: `#!/bin/sh\ncat > /etc/kubernetes/manifests/x.yaml <<'E'\n${JSON.stringify(ordinary(foreignTest))}\nE\n`,
    },
    rights,
  ),
  other(
    "cloud-init of a machine in Base64",
    "aws:ec2/launchTemplate:LaunchTemplate",
    {
      userData: Buffer.from(
        `#cloud-config\nwrite_files:\n- path: /x\n  content: '${JSON.stringify(ordinary(foreignTest))}'\n`,
      ).toString("base64"),
    },
    rights,
  ),
];

/** Another round of attacks. */
export const moreAttacks: readonly Case[] = [...ofControllers, ...pods, ...packages];
