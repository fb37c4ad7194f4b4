import { anyCase } from "./pattern";

/** The names by which the one machine that may run the test is known to Kubernetes. */
export const NODES = ["w2", "k3s-w2"] as const;

/** The one namespace of the test. */
export const NAMESPACE = "fuse-test";

/** The directory of the node in which each run has its own, in its canonical spelling. */
export const BRIDGE = "/tmp/fuse-test-bridge";

/** The id of a run: a label's value. */
const RUN_ID = "[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";

/** A text that is exactly the id of a run. */
export const RUN = `^${RUN_ID}$`;

/** The one directory of the node that pods of a run may see: one level below the bridge, named by the run's id. */
export const RUN_DIRECTORY = `^${BRIDGE}/${RUN_ID}$`;

/** A list of runs for the janitor. */
export const RUN_LIST = `^-( ${RUN_ID})*$`;

/** Mount path of the bridge in the pods. */
export const BRIDGE_IN_POD = "/mnt/dfs";

/** Name of the ConfigMap with the pods' programs. */
export const PROGRAMS = "fuse-test-programs";

/** The user and group of every pod of the test but the producer. */
export const UNPRIVILEGED_ID = 10001;

/** Seconds after which Kubernetes ends a pod of the test at the latest. */
export const LONGEST_POD_SECONDS = 1800;

/** The command with which the program observes and judges. */
export const COMMAND = "node tools/load.cjs commands/verdict.ts --request -";

/** The commands with which the program stores its cleanup request, cleans the previous place, and cleans up in a destroy. */
export const CLEANING_COMMANDS = {
  create: "cat",
  update: "node tools/load.cjs commands/cleanup.ts --update -",
  delete: "node tools/load.cjs commands/cleanup.ts --request -",
} as const;

/** Registries whose images are public: only for these may a version tag stand for a digest. */
const PUBLIC_REGISTRIES = ["docker.io", "ghcr.io", "public.ecr.aws", "quay.io", "registry.k8s.io"] as const;

const registries = PUBLIC_REGISTRIES.map((host) => host.replaceAll(".", "[.]")).join("|");
const repository = "[a-z0-9]+([._/-]+[a-z0-9]+)*";

/**
 * An image by digest. All patterns here mean the same in JavaScript and in RE2, which the API server uses: see `pattern.ts`.
 * The repository may contain slashes itself: it is here once, because JavaScript would try every way to divide them.
 */
export const IMAGE_BY_DIGEST = `^[a-z0-9][a-z0-9.-]*(:[0-9]+)?(/${repository})?(:[A-Za-z0-9_][A-Za-z0-9._-]*)?@sha256:[0-9a-f]{64}$`;

/** A public image by a tag with a version: not `latest`, and not without any. */
export const IMAGE_BY_TAG = `^(${registries})/${repository}:v?[0-9][A-Za-z0-9._-]*$`;

/** An image whose programs make FUSE mounts in this test: this project's own, and the public one of rclone. */
export const TEST_IMAGE = "(^|/)(fuse-test|rclone)([./:@_-]|$)";

/** An image that is named only by its id, which does not show what it contains. */
export const NAMELESS_IMAGE = "^(sha256:)?[0-9a-f]{64}$";

/** A label that only a pod of the test has. */
export const TEST_LABEL = "^fuse-test/";

/** The letters of FUSE in the name of a device plugin's resource, a device class, a driver or a program. */
export const FUSE_NAME = anyCase("fuse");

/** A program that makes FUSE mounts, by its name in an image or a command. */
export const FUSE_PROGRAM = [
  ...["fuse", "rclone", "sshfs", "s3fs", "goofys", "mergerfs", "decypharr", "juicefs", "ftpfs", "davfs"],
  ...["ossfs", "cosfs", "geesefs", "encfs", "gocryptfs", "bindfs", "mount-s3"],
]
  .map(anyCase)
  .join("|");

/** Capabilities that are enough to mount. */
export const MOUNTING = `^(${anyCase("cap_")})?${anyCase("sys_admin")}$|^${anyCase("all")}$`;

/**
 * An annotation by which a container runtime, or a plugin of it, gives a container devices or mounts: CRI-O's, those of
 * the Container Device Interface, and those of NRI's injectors, which may name a container or go without.
 * Source: plugins/device-injector/device-injector.go of github.com/containerd/nri.
 */
export const DEVICE_ANNOTATION =
  "^io[.]kubernetes[.]cri-o[.](Devices|.*[Mm]ount.*)|^([a-z0-9-]+[.])*cdi[.]k8s[.]io/|^(cdi-)?(devices|mounts)[.]([a-z0-9-]+[.])*[a-z]+(/|$)";

/** The minor number of a device, if it is the FUSE device's or is not written in plain decimal digits. */
const MINOR = `${anyCase("minor")}["']?[ \n\r\t]*:[ \n\r\t]*(229([^0-9]|$)|[^0-9 \n\r\t]|0[0-9A-Za-z_]|[0-9]+[^0-9 ,}\n\r\t])`;

/** Characters that no list of devices or mounts needs, and that let YAML write one value in many ways. */
const OTHER_SPELLING = "[!&*?|>]|[\\\\]";

/**
 * Matches an annotation for a container runtime that names the FUSE device by its name or number, the bridge, or mounts
 * that propagate, or that has a spelling which cannot be judged.
 */
export const DEVICE_IN_ANNOTATION = `${FUSE_NAME}|10:229|${MINOR}|(^|[^A-Za-z0-9.])r?shared([^A-Za-z0-9]|$)|proc/[^/]+/(task/[^/]+/)?(root|cwd|fd)|${OTHER_SPELLING}`;

/** An environment variable by which a container requests devices from a runtime, by their names. */
export const DEVICE_VARIABLE = "_VISIBLE_DEVICES$";

/** A directory by which a container requests devices of the Container Device Interface from NVIDIA's runtime, by name. */
export const DEVICE_DIRECTORY = "/nvidia-container-devices/";
