import { readFileSync } from "node:fs";
import { join } from "node:path";
import { awaitAnnotations, container, labels, podDefaults, type PodSettings, privilegedRoot } from "./common";
import { hashOf } from "../config/programs";

/** Name of the janitor's pod. */
export const JANITOR_NAME = "fuse-janitor";

/** Run id in the janitor's log lines: it cleans up after every run. */
export const JANITOR_RUN = "cleanup";

/** Name of the ConfigMap with the janitor's programs: the test's own may be deleted, or older. */
export const JANITOR_PROGRAMS_NAME = "fuse-test-janitor";

/** Seconds after which Kubernetes stops a janitor. It needs one or two. */
const JANITOR_DEADLINE_SECONDS = 60;

/** The folder of the node that holds the bridge: a directory can be removed only through its parent. */
export const NODE_FOLDER = "/tmp";
/** Path of that folder in the pods that clean. */
export const JANITOR_FOLDER = "/mnt/tmp";

function janitorPrograms(): Record<string, string> {
  const read = (file: string): string => readFileSync(join(__dirname, "..", "pods", file), "utf8");
  return { "common.sh": read("common.sh"), "janitor.sh": read("janitor.sh") };
}

/** Builds the ConfigMap with the janitor's programs. */
export function janitorProgramsManifest(namespace: string) {
  return {
    apiVersion: "v1" as const,
    kind: "ConfigMap" as const,
    metadata: { name: JANITOR_PROGRAMS_NAME, namespace, labels },
    data: janitorPrograms(),
  };
}

/** The runs that a janitor must handle differently, by the ids in their pods' labels. */
export interface JanitorRuns {
  /** Runs that have just ended: no pod starts in their directories any more. */
  readonly ended: readonly string[];
  /** Runs in progress, whose directories are left as they are. */
  readonly inProgress: readonly string[];
  /** True to wait for producers that are not in the API any more: their kubelet may be about to stop them. */
  readonly awaited: boolean;
}

/** Formats a list for a variable. It must not be empty: the API server omits an empty value. */
function listed(runs: readonly string[]): string {
  return ["-", ...new Set(runs)].join(" ");
}

/** The parts in which attempts of the janitor differ. */
export interface JanitorOptions {
  readonly image: string;
  /**
   * `None` is for a node whose mounts are not shared, on which no pod with `Bidirectional` starts. An
   * unmounted filesystem then disappears from the node together with its mount point's directory.
   */
  readonly mountPropagation: "Bidirectional" | "None";
  readonly runs: JanitorRuns;
}

/** The settings of the janitor's pod. */
export interface JanitorSettings extends Pick<
  PodSettings,
  "namespace" | "node" | "hostPath" | "imagePullPolicy" | "tolerations"
> {
  readonly resources: PodSettings["resources"]["consumer"];
}

/** Builds the janitor pod: privileged for a second or two, and the only pod that sees the node's /tmp. */
export function janitorManifest(request: JanitorSettings, options: JanitorOptions) {
  return {
    apiVersion: "v1" as const,
    kind: "Pod" as const,
    metadata: {
      name: JANITOR_NAME,
      namespace: request.namespace,
      labels: { ...labels, "fuse-test/role": "janitor", "fuse-test/run": JANITOR_RUN },
      annotations: {
        ...awaitAnnotations,
        "fuse-test/programs": hashOf(janitorPrograms()),
      },
    },
    spec: {
      ...podDefaults(request, JANITOR_DEADLINE_SECONDS),
      terminationGracePeriodSeconds: 1,
      containers: [
        container({
          name: "janitor",
          image: options.image,
          imagePullPolicy: request.imagePullPolicy,
          program: "janitor.sh",
          env: {
            RUN: JANITOR_RUN,
            BRIDGE: `${JANITOR_FOLDER}${request.hostPath.slice(NODE_FOLDER.length)}`,
            RUNS: listed(options.runs.ended),
            KEEP: listed(options.runs.inProgress),
            WAIT: options.runs.awaited ? "yes" : "no",
          },
          securityContext: privilegedRoot,
          resources: request.resources,
          nodeMount: { name: "tmp", mountPath: JANITOR_FOLDER, mountPropagation: options.mountPropagation },
        }),
      ],
      volumes: [
        { name: "tmp", hostPath: { path: NODE_FOLDER, type: "Directory" } },
        { name: "programs", configMap: { name: JANITOR_PROGRAMS_NAME, defaultMode: 0o555 } },
        { name: "scratch", emptyDir: { sizeLimit: "16Mi" } },
      ],
    },
  };
}

/** Converts a path in the janitor's pod to the path on the node. */
export function pathOnNode(path: string): string {
  return path.startsWith(`${JANITOR_FOLDER}/`) ? `${NODE_FOLDER}${path.slice(JANITOR_FOLDER.length)}` : path;
}
