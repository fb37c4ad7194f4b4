import type { Settings } from "../config/settings";
import type { Propagation } from "../config/visibility-matrix";
import { hashOf, programs } from "../config/programs";

/** Roles of the pods in the test. */
export const ROLES = ["producer", "consumer", "control"] as const;

/** Role of a pod in the test. */
export type Role = (typeof ROLES)[number];

/** Role of a pod of the examination, in the suites beyond the quick test. */
export type ExaminationRole = "examination-producer" | "examination-consumer";

/** Role of the pod that cleans the node after a test that GitOps runs, because no other program can. */
export type CleanerRole = "cleaner";

/** Name of the ConfigMap with the pods' programs. */
export const PROGRAMS_NAME = "fuse-test-programs";

/** Seconds after which Kubernetes stops a pod of the test in any case. */
const POD_DEADLINE_SECONDS = 1800;

/** Seconds after which the producer unmounts without being asked: before Kubernetes stops it. */
export const PRODUCER_LIFETIME_SECONDS = 1700;

/**
 * Returns the directory of a run, the only part of the node that its pods see. The kubelet creates it for
 * them, so that it contains nothing of an earlier or another run.
 */
export function runDirectory({ hostPath, run }: Pick<Settings, "hostPath" | "run">): string {
  return `${hostPath}/${run}`;
}

/**
 * The settings that the pods' manifests depend on, with the image resolved. Its `hostPath` is the directory
 * of this run.
 */
export type PodSettings = Pick<
  Settings,
  "node" | "namespace" | "driver" | "hostPath" | "timeoutSeconds" | "run"
> &
  Pick<Settings, "tolerations" | "resources"> & {
    readonly image: string;
    /** `Never` if the image is already on the node. */
    readonly imagePullPolicy: "Never" | "IfNotPresent";
    /**
     * Which program reaches the verdict: the consumer itself in a test that GitOps runs; absent means the
     * verdict command.
     */
    readonly judge?: "consumer";
  };

/** Labels of everything that belongs to the test. */
export const labels = {
  "app.kubernetes.io/name": "fuse-test",
  "app.kubernetes.io/managed-by": "pulumi",
} as const;

/**
 * Makes the provider treat a pod as ready as soon as it exists: it would wait until its time limit for a pod
 * that failed, so the verdict waits instead. `pulumi.com/skipAwait` would do that too, but the provider would
 * then not wait until a deleted pod is gone, and the next one of its name would be refused. Source:
 * DeletedCondition in provider/pkg/metadata/overrides.go of github.com/pulumi/pulumi-kubernetes.
 */
export const awaitAnnotations = { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" } as const;

/** Returns the name of the pod with a role. */
export function podName(role: Role | ExaminationRole | CleanerRole): string {
  return `fuse-${role}`;
}

/** Annotations that identify the test of a pod, in addition to the label with its run. */
export const TEST_ANNOTATIONS = ["fuse-test/programs", "fuse-test/settings"] as const;

/**
 * Returns the hash of everything in which the pods of one test must agree, although not every pod's spec
 * shows it.
 */
function settingsHash(settings: PodSettings): string {
  const { node, driver, image, hostPath, timeoutSeconds, tolerations, resources } = settings;
  return hashOf({ node, driver, image, hostPath, timeoutSeconds, tolerations, resources });
}

/**
 * Builds the metadata of the pod with a role. All pods that belong to another test by their run, programs or
 * settings are replaced: a consumer that has read one mount does not search for another one.
 */
export function podMetadata(role: Role | ExaminationRole | CleanerRole, settings: PodSettings) {
  return {
    name: podName(role),
    namespace: settings.namespace,
    labels: { ...labels, "fuse-test/role": role, "fuse-test/run": settings.run },
    annotations: {
      ...awaitAnnotations,
      "fuse-test/programs": hashOf(programs()),
      "fuse-test/settings": settingsHash(settings),
    },
  };
}

/** Taints for which the API server adds a toleration to every pod that has none. */
const NODE_FAULT_TAINTS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/**
 * Returns the tolerations as the API server stores them. Its admission plugin DefaultTolerationSeconds
 * appends two (kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration). If they were absent
 * here, a pod that a killed update has created, but not recorded, would differ from its manifest, and the
 * next update could not adopt it: Server-Side Apply would report a conflict.
 */
function storedTolerations(tolerations: PodSettings["tolerations"]) {
  const missing = NODE_FAULT_TAINTS.filter(
    (taint) => !tolerations.some(({ key, effect = "NoExecute" }) => key === taint && effect === "NoExecute"),
  );
  return [
    ...tolerations.map((toleration) => ({ ...toleration })),
    ...missing.map((key) => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 })),
  ];
}

/**
 * Returns the fields that every pod of the test has in common: one node, no token, no restart, a deadline.
 * @param deadline seconds after which Kubernetes stops the pod.
 */
export function podDefaults(
  { node, tolerations }: Pick<PodSettings, "node" | "tolerations">,
  deadline = POD_DEADLINE_SECONDS,
) {
  return {
    nodeName: node,
    tolerations: storedTolerations(tolerations),
    restartPolicy: "Never",
    activeDeadlineSeconds: deadline,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    dnsPolicy: "Default",
  };
}

/** Builds the volumes: the bridge on the node, the programs, and a place to write. */
export function volumes(settings: PodSettings) {
  return [
    { name: "bridge", hostPath: { path: settings.hostPath, type: "DirectoryOrCreate" } },
    { name: "programs", configMap: { name: PROGRAMS_NAME, defaultMode: 0o555 } },
    { name: "scratch", emptyDir: { sizeLimit: "16Mi" } },
  ];
}

/** Path of the bridge in the pods. */
export const BRIDGE_MOUNT_PATH = "/mnt/dfs";

/** User and group id of the pods that read: neither root nor the owner of the mount. */
export const CONSUMER_ID = 10001;

/**
 * Returns the variable that makes pods report to the consumer: its user id, which the producer gives read
 * access to its report.
 */
export function judgeVariable({ judge }: PodSettings): Readonly<Record<string, number>> {
  return judge === "consumer" ? { JUDGE: CONSUMER_ID } : {};
}

/** Returns the security context of a container without privileges, whose root filesystem is read-only. */
export function unprivileged(uid: number) {
  return {
    privileged: false,
    allowPrivilegeEscalation: false,
    runAsNonRoot: uid !== 0,
    runAsUser: uid,
    runAsGroup: uid,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/**
 * Security context of a privileged root. Mounting needs CAP_SYS_ADMIN, and `Bidirectional` propagation is available to
 * privileged containers only.
 */
export const privilegedRoot = { privileged: true, runAsUser: 0 };

/** The parts in which the containers of the test differ. */
export interface ContainerParts<Security, Mount> {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: PodSettings["imagePullPolicy"];
  /** File of the program, as in the ConfigMap. */
  readonly program: string;
  readonly env: Readonly<Record<string, string | number>>;
  readonly securityContext: Security;
  readonly resources: PodSettings["resources"]["producer"];
  /** The mount of the node's directory. */
  readonly nodeMount: Mount;
}

/** Builds a container that runs one of the programs with the node's directory, the programs and scratch space. */
export function container<Security, Mount extends object>(parts: ContainerParts<Security, Mount>) {
  const { name, image, imagePullPolicy, program, env, securityContext, resources, nodeMount } = parts;
  return {
    name,
    image,
    imagePullPolicy,
    command: ["/bin/sh", `/fuse-test/${program}`],
    env: Object.entries(env).map(([variable, value]) => ({ name: variable, value: String(value) })),
    securityContext,
    resources,
    volumeMounts: [
      nodeMount,
      { name: "programs", mountPath: "/fuse-test", readOnly: true },
      { name: "scratch", mountPath: "/scratch" },
    ],
  };
}

/** Returns a mount of the bridge. */
export function bridgeMount(mountPropagation: Propagation, options: { readonly readOnly?: boolean } = {}) {
  return { name: "bridge", mountPath: BRIDGE_MOUNT_PATH, mountPropagation, ...options };
}
