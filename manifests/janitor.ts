import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CleanRequest } from "../lifecycle/request";
import { awaitAnnotations, commonMounts, environment, labels } from "./common";
import { hashOf } from "./programs";

/** Name of the janitor's pod. */
export const JANITOR_NAME = "fuse-janitor";

/** Id of the run that a janitor names in its lines: it cleans up after every run. */
export const JANITOR_RUN = "cleanup";

/** Name of the ConfigMap with the janitor's programs: the test's own may be gone, or older. */
export const JANITOR_PROGRAMS_NAME = "fuse-test-janitor";

/** Seconds after which Kubernetes ends a janitor. It needs one or two. */
export const JANITOR_DEADLINE_SECONDS = 60;

/** The folder of the node that holds the bridge: a directory can be removed only from where it lies. */
const NODE_FOLDER = "/tmp";
const FOLDER_IN_POD = "/mnt/tmp";

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

/** How one attempt of the janitor differs from another. */
export interface JanitorOptions {
  readonly image: string;
  /**
   * `None` is for a node whose mounts are not shared: no pod with `Bidirectional` starts there. What is
   * unmounted then goes from the node with the directory that it is mounted on.
   */
  readonly mountPropagation: "Bidirectional" | "None";
  /** What to do where a producer lives on whose pod the API does not know: leave all as it is, or clean. */
  readonly occupied: "leave" | "clean";
}

/** The janitor pod: privileged for a second or two, and the one pod that sees the node's /tmp. */
export function janitorManifest(request: CleanRequest, options: JanitorOptions) {
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
      nodeName: request.node,
      tolerations: request.tolerations.map((toleration) => ({ ...toleration })),
      restartPolicy: "Never",
      activeDeadlineSeconds: JANITOR_DEADLINE_SECONDS,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      dnsPolicy: "Default",
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "janitor",
          image: options.image,
          imagePullPolicy: request.imagePullPolicy,
          command: ["/bin/sh", "/fuse-test/janitor.sh"],
          env: environment({
            RUN: JANITOR_RUN,
            BRIDGE: `${FOLDER_IN_POD}${request.hostPath.slice(NODE_FOLDER.length)}`,
            OCCUPIED: options.occupied,
          }),
          // Unmounting needs CAP_SYS_ADMIN; passing it on to the node needs Bidirectional, which needs privilege.
          securityContext: { privileged: true, runAsUser: 0 },
          resources: request.resources,
          volumeMounts: [
            { name: "tmp", mountPath: FOLDER_IN_POD, mountPropagation: options.mountPropagation },
            ...commonMounts,
          ],
        },
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
  return path.startsWith(`${FOLDER_IN_POD}/`) ? `${NODE_FOLDER}${path.slice(FOLDER_IN_POD.length)}` : path;
}
