import { type Case, changed, UNKNOWN } from "./case";
import { carriers, nginx, ordinary, POD } from "./fixtures";
import { first, opaque, type Path, release } from "./opaque";
import { privileged, rights, volume, withContainer } from "./other";

const web = ordinary(withContainer({ ...privileged, env: [{ name: "A", value: "b" }] }));
const claim = {
  apiVersion: "resource.k8s.io/v1",
  kind: "ResourceClaim",
  metadata: { name: "gpu", namespace: "default" },
  spec: { devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu.example.com" } }] } },
};
const persistentVolume = {
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "srv" },
  spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteMany"], hostPath: { path: "/srv" } },
};
const rollout = {
  apiVersion: "example.com/v1",
  kind: "Rollout",
  metadata: { name: "web", namespace: "default" },
  spec: { template: { spec: { containers: [nginx] } }, strategy: { canary: { steps: [{ setWeight: 20 }] } } },
};
const guard = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: "fuse-test-pods" },
  spec: {},
};

/** Unreadable values that could be a pod, a device, a name or a namespace. */
export const unreadable: readonly Case[] = [
  ...carriers.flatMap(({ type, wrap }) => {
    const whole = wrap({ containers: [nginx] }, "default");
    const way: Record<string, Path[]> = {
      Pod: [["spec"]],
      PodTemplate: [["template"], ["template", "spec"]],
      ControllerRevision: [
        ["data"],
        ["data", "spec"],
        ["data", "spec", "template"],
        ["data", "spec", "template", "spec"],
      ],
      CronJob: [
        ["spec", "jobTemplate"],
        ["spec", "jobTemplate", "spec"],
        ["spec", "jobTemplate", "spec", "template"],
        ["spec", "jobTemplate", "spec", "template", "spec"],
      ],
    };
    const kind = type.split(":").at(-1) ?? "";
    const paths = way[kind] ?? [
      ["spec"],
      ["spec", "template"],
      ["spec", "template", "spec"],
      ["spec", "template", "metadata"],
    ];
    return [
      ["metadata"],
      ["metadata", "name"],
      ["metadata", "namespace"],
      ["kind"],
      ["apiVersion"],
      ...paths,
    ].flatMap((path) =>
      opaque(`${path.join(".")} of a ${type}`, type, whole, path, { metadata: {}, spec: {} }),
    );
  }),
  ...(
    [
      ["spec"],
      ["metadata"],
      ["metadata", "annotations"],
      ["metadata", "labels"],
      ["spec", "containers"],
      ["spec", "initContainers"],
      ["spec", "ephemeralContainers"],
      ["spec", "volumes"],
      ["spec", "resourceClaims"],
      ["spec", "resources"],
      ["spec", "aFieldOfNextYear"],
      [...first],
      [...first, "resources"],
      [...first, "resources", "limits"],
      [...first, "resources", "requests"],
      [...first, "resources", "claims"],
      [...first, "securityContext"],
      [...first, "securityContext", "privileged"],
      [...first, "securityContext", "capabilities"],
      [...first, "volumeMounts"],
      [...first, "volumeDevices"],
      [...first, "aFieldOfNextYear"],
    ] as Path[]
  )
    .filter((path) => path.join() !== "metadata,labels")
    .flatMap((path) => opaque(`${path.join(".")} of a privileged pod`, POD, web, path, {})),
  ...opaque(
    "the labels of a privileged rclone",
    POD,
    ordinary(withContainer({ ...privileged, image: "docker.io/rclone/rclone:1.71.2" })),
    ["metadata", "labels"],
    {},
  ),
  ...opaque(
    "a volume of a pod",
    POD,
    ordinary({ volumes: [{ name: "v", emptyDir: {} }] }),
    ["spec", "volumes", 0],
    {},
  ),
  ...opaque(
    "a hostPath of a pod",
    POD,
    ordinary(volume({ path: "/srv" })),
    ["spec", "volumes", 0, "hostPath"],
    {},
  ),
  ...opaque(
    "a hostPath's path",
    POD,
    ordinary(volume({ path: "/srv" })),
    ["spec", "volumes", 0, "hostPath", "path"],
    "/srv",
  ),
  ...opaque(
    "a mount of a pod",
    POD,
    ordinary(withContainer({ volumeMounts: [{ name: "v", mountPath: "/m" }] })),
    [...first, "volumeMounts", 0],
    {},
  ),
  ...opaque(
    "a part of a hostPath above the bridge",
    POD,
    ordinary({
      ...withContainer({ volumeMounts: [{ name: "v", mountPath: "/m" }] }),
      ...volume({ path: "/tmp" }),
    }),
    [...first, "volumeMounts", 0, "subPath"],
    "x",
  ),
  ...opaque("a CRI-O annotation", POD, web, ["metadata", "annotations"], {}).map((one) => ({
    ...one,
    title: `${one.title} by its key`,
    props: changed(web, ["metadata", "annotations"], { "io.kubernetes.cri-o.Devices": UNKNOWN }),
  })),
  ...["List", "PodList", "DeploymentList", "ConfigMapList", "NamespaceList"].flatMap((kind) =>
    opaque(
      `items of a ${kind}`,
      `kubernetes:core/v1:${kind}`,
      { apiVersion: "v1", kind, items: [] },
      ["items"],
      [],
    ),
  ),
  ...opaque(
    "an item of a List",
    "kubernetes:core/v1:List",
    { apiVersion: "v1", kind: "List", items: [{}] },
    ["items", 0],
    {},
  ),
  ...(
    [
      ["spec"],
      ["spec", "devices"],
      ["spec", "devices", "requests"],
      ["spec", "devices", "requests", 0, "exactly"],
      ["spec", "devices", "requests", 0, "exactly", "deviceClassName"],
      ["spec", "devices", "requests", 0, "exactly", "selectors"],
      ["spec", "devices", "config"],
    ] as Path[]
  ).flatMap((path) =>
    opaque(
      `${path.join(".")} of a ResourceClaim`,
      "kubernetes:resource.k8s.io/v1:ResourceClaim",
      claim,
      path,
      {},
    ),
  ),
  ...(
    [
      ["spec"],
      ["spec", "hostPath"],
      ["spec", "hostPath", "path"],
      ["spec", "local"],
      ["metadata", "name"],
    ] as Path[]
  ).flatMap((path) =>
    opaque(
      `${path.join(".")} of a PersistentVolume`,
      "kubernetes:core/v1:PersistentVolume",
      persistentVolume,
      path,
      {},
    ),
  ),
  ...(
    [
      ["spec"],
      ["spec", "template"],
      ["spec", "template", "spec"],
      ["spec", "podTemplate"],
      ["spec", "strategy"],
    ] as Path[]
  ).flatMap((path) =>
    opaque(`${path.join(".")} of a custom resource`, "kubernetes:example.com/v1:Rollout", rollout, path, {}),
  ),
  ...([["values"], ["values", "extra"], ["values", "extraManifests"], ["namespace"]] as Path[]).flatMap(
    (path) => opaque(`${path.join(".")} of a chart`, "kubernetes:helm.sh/v3:Release", release, path, {}),
  ),
  ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"].flatMap((kind) =>
    ["", "Patch"].flatMap((suffix) =>
      opaque(
        `the name of a ${kind}${suffix}`,
        `kubernetes:admissionregistration.k8s.io/v1:${kind}${suffix}`,
        { ...guard, kind },
        ["metadata", "name"],
        "fuse-test-pods",
      ),
    ),
  ),
  ...opaque(
    "the namespace of a provider",
    "pulumi:providers:kubernetes",
    {},
    ["namespace"],
    "fuse-test",
    rights,
  ),
  ...opaque("the kubeconfig of a provider", "pulumi:providers:kubernetes", {}, ["kubeconfig"], "{}", rights),
].map((one) => ({ ...one, organization: "refused" as const }));
