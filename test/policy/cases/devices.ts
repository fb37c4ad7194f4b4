import { bothAllow, type Case, changed } from "./case";
import { ordinary, POD } from "./fixtures";
import { other, privileged, withContainer } from "./other";

const id = "a".repeat(64);

function annotated(key: string, value: string, more: Partial<Case> = {}): Case {
  const pod = changed(ordinary(), ["metadata", "annotations"], { [key]: value });
  return other(`the annotation ${key}: ${JSON.stringify(value)}`, POD, pod, more);
}

function asking(resource: string, more: Partial<Case> = {}): Case {
  const spec = withContainer({ resources: { limits: { [resource]: "1" }, requests: { [resource]: "1" } } });
  return other(`the resource ${resource}`, POD, ordinary(spec), more);
}

function dra(kind: string, name: string, namespaced: boolean, spec: unknown, more: Partial<Case> = {}): Case {
  return other(
    `a ${kind} of ${JSON.stringify(spec)} named ${name}`,
    `kubernetes:resource.k8s.io/v1:${kind}`,
    {
      apiVersion: "resource.k8s.io/v1",
      kind,
      metadata: { name, ...(namespaced ? { namespace: "default" } : {}) },
      spec,
    },
    more,
  );
}

const selector = (expression: string) => [{ cel: { expression } }];
const config = (driver: string) => [{ opaque: { driver, parameters: { a: 1 } } }];
const claims = (request: object, more: object = {}) => ({
  devices: { requests: [{ name: "d", ...request }], ...more },
});
const gpu = "gpu.example.com";
const driver = (name: string) => `device.driver == "${name}"`;

const choices: readonly Case[] = [
  dra("DeviceClass", "fuse.example.com", false, {}),
  dra("DeviceClass", gpu, false, { selectors: selector(driver("myfuse.example.com")) }),
  dra("DeviceClass", gpu, false, { selectors: selector(driver(gpu)) }, bothAllow),
  dra("DeviceClass", gpu, false, { config: config("fuse.example.com") }),
  dra("DeviceClass", gpu, false, { config: config(gpu) }, bothAllow),
  ...(["ResourceClaim", "ResourceClaimTemplate"] as const).flatMap((kind) => {
    const wrap = (spec: object) => (kind === "ResourceClaim" ? spec : { spec });
    const one = (spec: object, more: Partial<Case> = {}) => dra(kind, "d", true, wrap(spec), more);
    return [
      one(claims({ exactly: { deviceClassName: "xfuse.example.com" } })),
      one(claims({ exactly: { deviceClassName: gpu, selectors: selector(driver("fuse0.example.com")) } })),
      one(
        claims({
          firstAvailable: [
            { name: "s", deviceClassName: gpu, selectors: selector(driver("fuse.example.com")) },
          ],
        }),
      ),
      one(claims({ exactly: { deviceClassName: gpu } }, { config: config("fuse.example.com") })),
      one(
        claims(
          { exactly: { deviceClassName: gpu, selectors: selector(driver(gpu)) } },
          { config: config(gpu) },
        ),
        bothAllow,
      ),
    ];
  }),
];

function images(title: string, image: string, more: Partial<Case> = {}): Case {
  return other(title, POD, ordinary(withContainer({ ...privileged, image })), more);
}

const dropped = {
  admission: "allowed",
  reason: "the API server of this version drops image volumes, which are not enabled in it",
} as const;

const imageVolume = (reference: string) => ({ volumes: [{ name: "v", image: { reference } }] });

/** Other ways to the FUSE device, and to a program that uses it. */
export const devices: readonly Case[] = [
  ...["/dev/fuse", "/dev/fuse:/dev/x:rwm", "/dev/null,/dev/fuse", "/dev/char/10:229"].map((value) =>
    annotated("io.kubernetes.cri-o.Devices", value),
  ),
  annotated("io.kubernetes.cri-o.Devices", "/dev/null", bothAllow),
  annotated("cdi.k8s.io/device", "example.com/fuse=fuse0"),
  annotated("cdi.k8s.io/myfuse", "example.com/device=a"),
  annotated("cdi.k8s.io/gpu", "nvidia.com/gpu=all", bothAllow),
  annotated("devices.nri.io/container.web", "- path: /dev/fuse\n  type: c\n"),
  annotated("devices.noderesource.dev/container.web", "- path: /dev/x\n  major: 10\n  minor: 229\n# fuse"),
  annotated("cdi-devices.nri.io/container.web", "- example.com/fuse=a"),
  annotated("mounts.nri.io/container.web", "- source: /tmp/fuse-test-bridge"),
  annotated("devices.nri.io/container.web", "- path: /dev/dri/card0\n  type: c\n", bothAllow),
  annotated("example.com/notes", "needs no fuse", bothAllow),
  ...[
    "example.com/myfuse",
    "example.com/fusedev",
    "squat.ai/fuse0",
    "example.com/FUSE",
    "smarter-devices/fuse-x",
  ].map((name) => asking(name)),
  ...["nvidia.com/gpu", "example.com/fpga"].map((name) => asking(name, bothAllow)),
  ...choices,
  images("a privileged image by its id", `sha256:${id}`),
  images("a privileged image by its bare id", id),
  images("a privileged rclone by digest", `docker.io/rclone/rclone@sha256:${id}`),
  images("a privileged nginx by digest", `docker.io/library/nginx@sha256:${id}`, bothAllow),
  other(
    "an image by its id without privilege",
    POD,
    ordinary(withContainer({ image: `sha256:${id}` })),
    bothAllow,
  ),
  other(
    "a privileged pod with an image volume of rclone",
    POD,
    ordinary({ ...withContainer(privileged), ...imageVolume("docker.io/rclone/rclone:1.71.2") }),
    dropped,
  ),
  other(
    "a privileged pod with an image volume by its id",
    POD,
    ordinary({ ...withContainer(privileged), ...imageVolume(`sha256:${id}`) }),
    dropped,
  ),
  other(
    "a privileged pod with an image volume",
    POD,
    ordinary({ ...withContainer(privileged), ...imageVolume("docker.io/library/models:1") }),
    bothAllow,
  ),
  other(
    "a pod with an image volume of rclone",
    POD,
    ordinary(imageVolume("docker.io/rclone/rclone:1.71.2")),
    bothAllow,
  ),
];
