import type { Case } from "./case";
import { carriers, nginx, ordinary, POD } from "./fixtures";
import { first, opaque, type Path, release } from "./opaque";
import { rights, withContainer } from "./other";

const onlyLeft = { organization: "allowed" } as const;

/** A value that can be none of these, whatever its content. */
export const readable: readonly Case[] = [
  ...(
    [
      [...first, "image"],
      [...first, "env", 0, "value"],
      [...first, "env"],
      [...first, "command"],
      [...first, "args"],
      [...first, "livenessProbe"],
      ["spec", "nodeSelector"],
      ["spec", "serviceAccountName"],
      ["metadata", "labels"],
    ] as Path[]
  ).flatMap((path) =>
    opaque(
      `${path.join(".")} of a pod`,
      POD,
      ordinary(withContainer({ env: [{ name: "A" }] })),
      path,
      "x",
      onlyLeft,
    ),
  ),
  ...opaque(
    "a cpu limit of a pod",
    POD,
    ordinary(withContainer({ resources: { limits: {} } })),
    [...first, "resources", "limits", "cpu"],
    "1",
    onlyLeft,
  ),
  ...opaque(
    "a part of a claim's volume",
    POD,
    ordinary({
      ...withContainer({ volumeMounts: [{ name: "v", mountPath: "/m" }] }),
      volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }],
    }),
    [...first, "volumeMounts", 0, "subPath"],
    "x",
    onlyLeft,
  ),
  ...opaque(
    "replicas of a Deployment",
    "kubernetes:apps/v1:Deployment",
    carriers[0]?.wrap({ containers: [nginx] }, "default"),
    ["spec", "replicas"],
    1,
    onlyLeft,
  ),
  ...opaque(
    "data of a Secret",
    "kubernetes:core/v1:Secret",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "default" } },
    ["stringData"],
    {},
    onlyLeft,
  ),
  ...opaque(
    "the host of an Ingress",
    "kubernetes:networking.k8s.io/v1:Ingress",
    { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "i", namespace: "default" } },
    ["spec"],
    {},
    onlyLeft,
  ),
  ...opaque(
    "a password of a chart",
    "kubernetes:helm.sh/v3:Release",
    release,
    ["values", "auth", "password"],
    "x",
    onlyLeft,
  ),
  ...opaque(
    "the kubeconfig of a provider with a namespace of its own",
    "pulumi:providers:kubernetes",
    { namespace: "default" },
    ["kubeconfig"],
    "{}",
    { ...rights, ...onlyLeft },
  ),
];
