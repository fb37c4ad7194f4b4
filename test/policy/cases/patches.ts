import type { Case } from "./case";
import { other, privileged, rclone, volume } from "./other";

const patched = {
  admission: "none",
  reason: "the API server judges what comes of the patch, as a whole",
} as const;

function patch(what: string, kind: "Pod" | "Deployment", spec: unknown, more: Partial<Case> = {}): Case {
  const deployment = kind === "Deployment";
  return other(
    `a patch of a ${kind} ${what}`,
    `kubernetes:${deployment ? "apps" : "core"}/v1:${kind}Patch`,
    {
      apiVersion: deployment ? "apps/v1" : "v1",
      kind,
      metadata: { name: "web", namespace: "default" },
      spec: deployment ? { template: { spec } } : spec,
    },
    { ...patched, ...more },
  );
}

const onlyMount = (mount: object) => ({
  containers: [{ name: "web", volumeMounts: [{ name: "v", mountPath: "/m", ...mount }] }],
});
const onlyContainer = (more: object) => ({ containers: [{ name: "web", ...more }] });

/** Patches whose other half is in the patched object. */
export const patches: readonly Case[] = (["Pod", "Deployment"] as const).flatMap((kind) => [
  ...["fuse-test-bridge", "fuse", "char/10:229", "tmp/fuse-test-bridge/x", "1/root/tmp"].map((subPath) =>
    patch(`that mounts the part ${subPath} of a volume`, kind, onlyMount({ subPath })),
  ),
  patch("that mounts any part of a volume", kind, onlyMount({ subPathExpr: "$(X)" })),
  patch(
    "that mounts a part of its own volume",
    kind,
    {
      ...onlyMount({ subPathExpr: "$(X)" }),
      ...volume({ path: "/srv" }),
    },
    { organization: "allowed" },
  ),
  patch("that mounts a plain part of a volume", kind, onlyMount({ subPath: "media" }), {
    organization: "allowed",
  }),
  ...["/", "/tmp", "/dev", "/proc/1"].map((path) =>
    patch(`that has the directory ${path}, mounted elsewhere`, kind, volume({ path })),
  ),
  patch("that has the directory /srv, mounted elsewhere", kind, volume({ path: "/srv" }), {
    organization: "allowed",
  }),
  patch("that adds privilege to an image", kind, onlyContainer(privileged)),
  patch("that adds privilege to an nginx", kind, onlyContainer({ ...privileged, image: "nginx:1.29" }), {
    organization: "allowed",
  }),
  patch("that adds rclone to a container", kind, onlyContainer(rclone)),
  patch(
    "that adds rclone without privilege",
    kind,
    onlyContainer({ ...rclone, securityContext: { privileged: false } }),
    { organization: "allowed" },
  ),
  patch("that adds a label", kind, { nodeSelector: { a: "b" } }, { organization: "allowed" }),
]);
