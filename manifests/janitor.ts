import { readFileSync } from "node:fs";
import { join } from "node:path";
import { awaitAnnotations, container, labels, podDefaults, type PodSettings, privilegedRoot } from "./common";
import { hashOf } from "../config/programs";

/** Name of the janitor's pod. */
export const JANITOR_NAME = "fuse-janitor";

/** Id of the run that a janitor names in its lines: it cleans up after every run. */
export const JANITOR_RUN = "cleanup";

/** Name of the ConfigMap with the janitor's programs: the test's own may be gone, or older. */
export const JANITOR_PROGRAMS_NAME = "fuse-test-janitor";

/** Seconds after which Kubernetes ends a janitor. It needs one or two. */
export const JANITOR_DEADLINE_SECONDS = 60;

/** The folder of the node that holds the bridge: a directory can be removed only from where it lies. */
export const NODE_FOLDER = "/tmp";
/** Where the pods that clean see that folder. */
export const JANITOR_FOLDER = "/mnt/tmp";

function janitorPrograms(): Record<string, string> {
  const read = (file: string): string => readFileSync(join(__dirname, "..", "pods", file), "utf8");
  return { "common.sh": read("common.sh"), "janitor.sh": read("janitor.sh") };
}

/** The janitor's programs, as a ConfigMap. */
export function janitorProgramsManifest(namespace: string) {
  return {
    apiVersion: "v1" as const,
    kind: "ConfigMap" as const,
    metadata: { name: JANITOR_PROGRAMS_NAME, namespace, labels },
    data: janitorPrograms(),
  };
}

/** What the janitor is to know of runs. Their ids are those of pods' labels. */
export interface JanitorRuns {
  /** Runs that have just ended: nobody starts in their directories any more. */
  readonly ended: readonly string[];
  /** Runs that go on: their directories are left as they are. */
  readonly goingOn: readonly string[];
  /** Whether to wait for producers of whose pods the API shows nothing: their kubelet may be about to end them. */
  readonly awaited: boolean;
}

/** Returns a list for a variable, which must not be empty: the API server leaves an empty value out. */
function listed(runs: readonly string[]): string {
  return ["-", ...new Set(runs)].join(" ");
}

/** How one attempt of the janitor differs from another. */
export interface JanitorOptions {
  readonly image: string;
  /**
   * `None` is for a node whose mounts are not shared: no pod with `Bidirectional` starts there. What is
   * unmounted then goes from the node with the directory that it is mounted on.
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

/** The janitor pod: privileged for a second or two, and the one pod that sees the node's /tmp. */
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
            KEEP: listed(options.runs.goingOn),
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

/** A path of the janitor's as the node knows it. */
export function pathOnNode(path: string): string {
  return path.startsWith(`${JANITOR_FOLDER}/`) ? `${NODE_FOLDER}${path.slice(JANITOR_FOLDER.length)}` : path;
}
