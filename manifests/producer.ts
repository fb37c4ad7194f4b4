import {
  BRIDGE_MOUNT_PATH,
  commonMounts,
  environment,
  judgeVariable,
  podDefaults,
  podMetadata,
  type PodSettings,
  PRODUCER_LIFETIME_SECONDS,
  volumes,
} from "./common";

/** The producer pod: the one privileged pod, which mounts FUSE below the bridge. */
export function producerManifest(settings: PodSettings) {
  return {
    apiVersion: "v1" as const,
    kind: "Pod" as const,
    metadata: podMetadata("producer", settings),
    spec: {
      ...podDefaults(settings),
      // Time to unmount: 3 s for a driver that hangs, and as much again to be sure.
      terminationGracePeriodSeconds: 10,
      containers: [
        {
          name: "producer",
          image: settings.image,
          imagePullPolicy: settings.imagePullPolicy,
          command: ["/bin/sh", "/fuse-test/producer.sh"],
          env: environment({
            RUN: settings.run,
            DRIVER: settings.driver,
            WAIT_FOR: "control consumer",
            WAIT_SECONDS: settings.timeoutSeconds,
            LIFETIME_SECONDS: PRODUCER_LIFETIME_SECONDS,
            ...judgeVariable(settings),
          }),
          // Bidirectional propagation is available to privileged containers only.
          securityContext: { privileged: true, runAsUser: 0 },
          resources: settings.resources.producer,
          volumeMounts: [
            { name: "bridge", mountPath: BRIDGE_MOUNT_PATH, mountPropagation: "Bidirectional" },
            ...commonMounts,
          ],
        },
      ],
      volumes: volumes(settings),
    },
  };
}
