import {
  container,
  podDefaults,
  podMetadata,
  type PodSettings,
  privilegedRoot,
  PROGRAMS_NAME,
} from "./common";
import { JANITOR_FOLDER, NODE_FOLDER } from "./janitor";

/**
 * Grace period of the cleaner, in seconds: 10 for a producer that is deleted with it to unmount, and the rest
 * to remove what is left on the node. It needs a few; a very busy node needs more.
 */
const CLEANER_GRACE_SECONDS = 110;

/**
 * Builds the pod that waits on the node until the producer has terminated, and then cleans as the janitor
 * does. Only a test that GitOps runs has it: no program outside the pods can start a janitor when the
 * manifests are deleted.
 */
export function cleanerManifest(settings: PodSettings) {
  const bridge = settings.hostPath.slice(0, settings.hostPath.lastIndexOf("/"));
  const cleaning = (name: string, standby: "yes" | "no", mountPropagation: "Bidirectional" | "None") =>
    container({
      name,
      image: settings.image,
      imagePullPolicy: settings.imagePullPolicy,
      program: "cleaner.sh",
      env: {
        RUN: settings.run,
        BRIDGE: `${JANITOR_FOLDER}${bridge.slice(NODE_FOLDER.length)}`,
        STANDBY: standby,
      },
      securityContext: privilegedRoot,
      resources: settings.resources.consumer,
      nodeMount: { name: "tmp", mountPath: JANITOR_FOLDER, mountPropagation },
    });
  return {
    apiVersion: "v1" as const,
    kind: "Pod" as const,
    metadata: podMetadata("cleaner", settings),
    spec: {
      ...podDefaults(settings),
      terminationGracePeriodSeconds: CLEANER_GRACE_SECONDS,
      // The second container cleans a node whose mounts are private, on which the first one cannot start.
      containers: [cleaning("cleaner", "no", "Bidirectional"), cleaning("cleaner-standby", "yes", "None")],
      volumes: [
        { name: "tmp", hostPath: { path: NODE_FOLDER, type: "Directory" } },
        { name: "programs", configMap: { name: PROGRAMS_NAME, defaultMode: 0o555 } },
        { name: "scratch", emptyDir: { sizeLimit: "16Mi" } },
      ],
    },
  };
}
