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
const given = (parameters: object) => ({ config: [{ opaque: { driver: gpu, parameters } }] });

const described = {
  organization: "refused",
  reason: "the pack reads every text, and the API server only what gives a container something",
} as const;

const driver = (name: string) => `device.driver == "${name}"`;

const choices: readonly Case[] = [
  dra("DeviceClass", "fuse.example.com", false, {}),
  dra("DeviceClass", gpu, false, { selectors: selector(driver("myfuse.example.com")) }),
  dra("DeviceClass", gpu, false, { selectors: selector(driver(gpu)) }, bothAllow),
  dra("DeviceClass", gpu, false, { config: config("fuse.example.com") }),
  dra("DeviceClass", gpu, false, { config: config(gpu) }, bothAllow),
  dra("DeviceClass", gpu, false, given({ path: "/tmp/fuse-test-bridge" })),
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
      one(claims({ exactly: { deviceClassName: gpu } }, given({ a: 1, path: "/dev/fuse" }))),
      one(claims({ exactly: { deviceClassName: gpu } }, given({ a: 1, path: "/dev/dri" })), bothAllow),
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
  ...[
    ...["devices.nri.io", "devices.nri.io/pod", "devices.noderesource.dev"].map((key) => [
      key,
      "- path: /dev/fuse",
    ]),
    ["cdi-devices.nri.io", "- example.com/fuse=a"],
    ["nvidia.cdi.k8s.io/a", "example.com/fuse=all"],
    ["mounts.nri.io", "- source: /tmp/fuse-test-bridge"],
    ["mounts.nri.io/pod", "- source: /srv\n  destination: /m\n  options: [rbind, rshared]"],
    ["mounts.nri.io/container.web", "- source: /proc/77/root/mnt\n  options: [rbind]"],
    ...[
      "minor: 229",
      "minor:\n    229",
      '"minor": 229',
      "Minor: 229",
      "minor: 0xe5",
      "minor: 0345",
      "minor: 0o345",
      "minor: 2_29",
      "minor: 229.0",
      "minor: !!int 229",
      "minor: *m",
      '"min\\u006fr": 229',
      "? minor\n  : 229",
    ].map((minor) => ["devices.nri.io/container.web", `- path: /dev/x\n  major: 10\n  ${minor}`]),
    ["devices.nri.io/container.web", '[{"path":"/dev/x","major":10,"minor":229}]'],
    ["devices.nri.io/container.web", '- path: "/dev/f\\x75se"'],
  ].map(([key = "", value = ""]) => annotated(key, value)),
  ...[
    ["devices.nri.io", "- path: /dev/dri/card0\n  type: c\n  major: 226\n  minor: 0\n  fileMode: 0660"],
    ["devices.nri.io/pod", '[{"path":"/dev/x","major":10,"minor":2290},{"path":"/dev/y","minor":228}]'],
    ["mounts.nri.io/pod", "- source: /srv\n  destination: /m\n  type: bind\n  options: [rbind, rslave, ro]"],
    ["nvidia.cdi.k8s.io/a", "nvidia.com/gpu.shared=0,nvidia.com/gpu=all"],
    ["io.kubernetes.cri-o.Devices", "/dev/net/tun:/dev/net/tun:rwm,/dev/dri/card0"],
    ["not-devices.nri.io.example.com", "- path: /dev/fuse"],
  ].map(([key = "", value = ""]) =>
    annotated(key, value, { ...bothAllow, ...(key.startsWith("not-") ? described : {}) }),
  ),
  other(
    "a device of the Container Device Interface by a variable",
    POD,
    ordinary(withContainer({ env: [{ name: "NVIDIA_VISIBLE_DEVICES", value: "example.com/fuse=all" }] })),
    {},
  ),
  other(
    "a device of the Container Device Interface by a directory",
    POD,
    ordinary({
      ...withContainer({
        volumeMounts: [
          { name: "v", mountPath: "/var/run/nvidia-container-devices/cdi/example.com/fuse/all" },
        ],
      }),
      volumes: [{ name: "v", emptyDir: {} }],
    }),
    {},
  ),
  other(
    "a GPU by a variable",
    POD,
    ordinary(
      withContainer({
        env: [
          { name: "NVIDIA_VISIBLE_DEVICES", value: "all" },
          { name: "DEVICES", value: "fuse" },
        ],
      }),
    ),
    bothAllow,
  ),
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
