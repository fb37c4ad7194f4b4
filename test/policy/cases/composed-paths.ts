import { bothAllow, type Case } from "./case";
import { ordinary, POD } from "./fixtures";
import { driven } from "./driven";
import { other, persistentVolume, seen, volume, withContainer } from "./other";
import { patches } from "./patches";

const bridge = "/tmp/fuse-test-bridge";

function mounting(path: string, mount: Record<string, string>, env: unknown[] = []) {
  return {
    ...withContainer({ env, volumeMounts: [{ name: "v", mountPath: "/m", ...mount }] }),
    ...volume({ path }),
  };
}

function composed(path: string, mount: Record<string, string>, more: Partial<Case> = {}): Case {
  const title = `hostPath ${path} with ${JSON.stringify(mount)}`;
  const env = [{ name: "X", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }];
  return other(title, POD, ordinary(mounting(path, mount, env)), more);
}

function persistent(kind: "hostPath" | "local", path: string, more: Partial<Case> = {}): Case {
  const affinity = {
    required: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["w1"] }] },
      ],
    },
  };
  const source = { [kind]: { path }, ...(kind === "local" ? { nodeAffinity: affinity } : {}) };
  return persistentVolume(`of ${kind} ${path}`, source, more);
}

const refusedDirectories = [
  `${bridge}/run/deep`,
  "/tmp//fuse-test-bridge",
  "/tmp/././fuse-test-bridge/.",
  "/./tmp/fuse-test-bridge//",
  "/proc/self/root/tmp/fuse-test-bridge",
  "/proc/1/root/tmp/fuse-test-bridge/x",
  "/proc/1/./root//tmp/fuse-test-bridge",
  "/proc/self/cwd/tmp/fuse-test-bridge",
  "/proc/thread-self/root/dev/fuse",
  "/proc/self/task/1/root/tmp/fuse-test-bridge",
  "/proc/1/root/proc/2/root/tmp/fuse-test-bridge",
  "/proc/1/fd/3",
  "/proc/1/fd/3/x",
  "/proc/1/task/1/fd/9",
  "/proc/1/map_files/a",
  "/proc/1/root",
  "/proc/1/root/var/log",
  "/proc/77/root/mnt/dfs",
  "/proc/77/root/fuse-test-bridge",
  "/proc/77/cwd/fuse-test-bridge",
  "/proc/77/cwd/fuse",
  "/proc/1/task/77/root/mnt/dfs",
  "/proc/thread-self/cwd",
  "/dev/fd/3",
  "/dev/stdin",
  "/dev/stdout",
  "/dev/stderr/x",
  "/dev/fuse/",
  "/dev/./fuse",
  "/dev/char/10:229",
  "/dev/misc/fuse",
  `${bridge}/a\n`,
  `${bridge}/\u2028`,
  `${bridge}/a\nb`,
];

const allowedDirectories = [
  "/proc",
  "/proc/1/ns",
  "/proc/sys/net",
  "/proc/1/rooted",
  "/proc/1/net/tcp",
  "/srv/proc/1/root",
  "/dev/stdinx",
  "/dev/char",
  "/dev/char/10:22",
  "/dev/char/10:2290",
  "/dev/fused",
  "/dev/shm",
  "/sys/fs/fuse/connections",
  "/tmp/fuse-test-bridge\n",
  "/tmp/fuse-test-bridge\u2028",
  "/tmp/\u0192use-test-bridge",
  "/tmp/fu\u017fe-test-bridge",
  "/srv/tmp/fuse-test-bridge",
  "/home/proc/self/root/tmp/fuse-test-bridge",
];

/** Directories of the node in parts and in other spellings, judged by the resulting path. */
export const composedPaths: readonly Case[] = [
  ...refusedDirectories.map((path) => composed(path, {})),
  ...allowedDirectories.map((path) => composed(path, {}, bothAllow)),
  ...(
    [
      ["/tmp", "fuse-test-bridge"],
      ["/tmp/", "fuse-test-bridge/run"],
      ["/tmp", "./fuse-test-bridge"],
      ["/tmp", "fuse-test-bridge//"],
      ["/", "tmp/fuse-test-bridge"],
      ["/", "dev/fuse"],
      ["/dev", "fuse"],
      ["/dev", "char/10:229"],
      ["/dev/char", "10:229"],
      ["/proc", "self/root/tmp/fuse-test-bridge"],
      ["/proc/1", "root/dev/fuse"],
      ["/proc/1/root", "tmp/fuse-test-bridge"],
      ["/proc/1/root/tmp", "fuse-test-bridge/a\n"],
    ] as const
  ).flatMap(([path, part]) => [composed(path, { subPath: part }), composed(path, { subPathExpr: part })]),
  ...(
    ["/tmp", "/", "/dev", "/dev/char", "/proc", "/proc/self", "/proc/1/root", "/proc/1/root/tmp"] as const
  ).map((path) => composed(path, { subPathExpr: "$(X)" })),
  composed("/tmp", { subPathExpr: "fuse-test-$(X)" }),
  ...(
    [
      ["/tmp", "fuse-test-bridge2"],
      ["/tmp", "other/fuse-test-bridge"],
      ["/srv", "tmp/fuse-test-bridge"],
      ["/dev", "fuse2"],
      ["/dev", "shm"],
      ["/", "var/log"],
      ["/proc", "sys"],
    ] as const
  ).map(([path, subPath]) => composed(path, { subPath }, bothAllow)),
  ...["/var/log", "/tmp/logs", "/srv/media"].map((path) =>
    composed(path, { subPathExpr: "$(X)" }, bothAllow),
  ),
  other(
    "a part of a claim that is called like the bridge",
    POD,
    ordinary({
      ...withContainer({ volumeMounts: [{ name: "v", mountPath: "/m", subPath: "fuse-test-bridge" }] }),
      volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }],
    }),
    bothAllow,
  ),
  other(
    "a part of another volume beside a hostPath of /tmp",
    POD,
    ordinary({
      ...withContainer({ volumeMounts: [{ name: "e", mountPath: "/m", subPath: "fuse-test-bridge" }] }),
      volumes: [
        { name: "e", emptyDir: {} },
        { name: "v", hostPath: { path: "/tmp" } },
      ],
    }),
    bothAllow,
  ),
  other(
    "a part of a hostPath in an init container",
    POD,
    ordinary({
      initContainers: [
        {
          name: "init",
          image: "docker.io/library/nginx:1.29",
          volumeMounts: [{ name: "v", mountPath: "/m", subPath: "fuse-test-bridge" }],
        },
      ],
      ...volume({ path: "/tmp" }),
    }),
    {},
  ),
  ...(["hostPath", "local"] as const).flatMap((kind) => [
    ...[
      "/",
      "/tmp",
      "/tmp/",
      "/dev",
      "/proc",
      "/proc/1/root",
      "/proc/self/root/tmp/fuse-test-bridge",
      "/dev/char/10:229",
      `${bridge}/a\n`,
    ].map((path) => persistent(kind, path)),
    ...["/srv/media", "/mnt/disks/ssd1", "/tmp/data", "/dev/sdb"].map((path) =>
      persistent(kind, path, bothAllow),
    ),
  ]),
  ...driven,
  ...patches,
  other(
    "a custom resource in another language whose volume and mount lie apart",
    "kubernetes:example.com/v1:Task",
    {
      apiVersion: "example.com/v1",
      kind: "Task",
      metadata: { name: "t", namespace: "default" },
      spec: {
        volume: [{ name: "v", host_path: { path: "/tmp" } }],
        volume_mount: [{ name: "v", mount_path: "/m", sub_path: "fuse-test-bridge" }],
      },
    },
    seen,
  ),
  other(
    "a custom resource whose volume and mount lie apart",
    "kubernetes:tekton.dev/v1:Task",
    {
      apiVersion: "tekton.dev/v1",
      kind: "Task",
      metadata: { name: "t", namespace: "default" },
      spec: {
        volumes: [{ name: "v", hostPath: { path: "/tmp" } }],
        steps: [
          {
            name: "s",
            image: "busybox",
            volumeMounts: [{ name: "v", mountPath: "/m", subPath: "fuse-test-bridge" }],
          },
        ],
      },
    },
    seen,
  ),
];
