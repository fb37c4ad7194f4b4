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
 * Seconds that the cleaner has when it is deleted: for a producer that is deleted with it 10 to unmount, and the rest of
 * them to remove what is left from the node. It needs a few; a node that is very busy needs more.
 */
export const CLEANER_GRACE_SECONDS = 110;

/**
 * The pod that waits on the node for the end of the producer, and then cleans as the janitor does. Only a test that
 * GitOps runs has it: no program outside the pods is there to start a janitor when the manifests go.
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
      // The second one cleans on a node whose mounts are private, on which the first one cannot start.
      containers: [cleaning("cleaner", "no", "Bidirectional"), cleaning("cleaner-standby", "yes", "None")],
      volumes: [
        { name: "tmp", hostPath: { path: NODE_FOLDER, type: "Directory" } },
        { name: "programs", configMap: { name: PROGRAMS_NAME, defaultMode: 0o555 } },
        { name: "scratch", emptyDir: { sizeLimit: "16Mi" } },
      ],
    },
  };
}
