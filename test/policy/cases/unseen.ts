import { bothAllow, type Case, changed } from "./case";
import { ordinary, POD } from "./fixtures";
import { other, privileged, rights, seen, volume, withContainer } from "./other";

const allowedBySight = { ...seen, organization: "allowed" } as const;

/** A pod whose owner is root on the node, and needs no mount propagation for the same effect. */
function root(what: string, spec: Record<string, unknown>): Case {
  return other(`root on a node by ${what}`, POD, ordinary(spec), bothAllow);
}

const mount = { volumeMounts: [{ name: "v", mountPath: "/host" }] };

/** Resources that the policies accept by design: see "What no policy sees" in policy/README.md. */
export const unseen: readonly Case[] = [
  root("everything at once", {
    hostNetwork: true,
    hostPID: true,
    hostIPC: true,
    ...withContainer({ ...privileged, ...mount }),
    ...volume({ path: "/" }),
  }),
  root("privilege", withContainer(privileged)),
  root("privilege and the host's processes", { hostPID: true, ...withContainer(privileged) }),
  root("the root directory", { ...withContainer(mount), ...volume({ path: "/" }) }),
  root("the directory of the bridge's parent", { ...withContainer(mount), ...volume({ path: "/tmp" }) }),
  root("the devices", { ...withContainer({ ...privileged, ...mount }), ...volume({ path: "/dev" }) }),
  root("the runtime's socket", {
    ...withContainer(mount),
    ...volume({ path: "/run/containerd/containerd.sock" }),
  }),
  root("static pods", { ...withContainer(mount), ...volume({ path: "/etc/kubernetes/manifests" }) }),
  other(
    "a link of the node that leads to the bridge",
    POD,
    ordinary({ ...withContainer(mount), ...volume({ path: "/srv/link-to-the-bridge" }) }),
    bothAllow,
  ),
  other(
    "a FUSE program under another name",
    POD,
    ordinary(withContainer({ ...privileged, image: "registry.example/media:1", command: ["/bin/mount-it"] })),
    bothAllow,
  ),
  other(
    "a device plugin that does not name what it hands out",
    POD,
    ordinary(withContainer({ resources: { limits: { "example.com/device": "1" } } })),
    bothAllow,
  ),
  other(
    "a device of the Container Device Interface by a name that says nothing",
    POD,
    changed(ordinary(), ["metadata", "annotations"], { "cdi.k8s.io/a": "example.com/device=a" }),
    bothAllow,
  ),
  other(
    "a chart that is not read",
    "kubernetes:helm.sh/v3:Release",
    { chart: "oci://registry.example/charts/media", name: "media", namespace: "media", values: {} },
    allowedBySight,
  ),
  other(
    "a Git repository that is not read",
    "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization",
    {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "media", namespace: "flux-system" },
      spec: { path: "./media", prune: true, sourceRef: { kind: "GitRepository", name: "media" } },
    },
    allowedBySight,
  ),
  other(
    "a command of another tool",
    "command:local:Command",
    { create: "terraform apply -auto-approve" },
    { ...rights, organization: "allowed" },
  ),
];
