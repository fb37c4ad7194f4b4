import {
  bridgeMount,
  container,
  judgeVariable,
  podDefaults,
  podMetadata,
  type PodSettings,
  privilegedRoot,
  PRODUCER_LIFETIME_SECONDS,
  volumes,
} from "./common";

/** Builds the producer pod, the one privileged pod, which mounts FUSE below the bridge. */
export function producerManifest(settings: PodSettings) {
  return {
    apiVersion: "v1" as const,
    kind: "Pod" as const,
    metadata: podMetadata("producer", settings),
    spec: {
      ...podDefaults(settings),
      // Time to unmount: 3 s for a driver that hangs, and as much again as a reserve.
      terminationGracePeriodSeconds: 10,
      containers: [
        container({
          name: "producer",
          image: settings.image,
          imagePullPolicy: settings.imagePullPolicy,
          program: "producer.sh",
          env: {
            RUN: settings.run,
            DRIVER: settings.driver,
            WAIT_FOR: "control consumer",
            WAIT_SECONDS: settings.timeoutSeconds,
            LIFETIME_SECONDS: PRODUCER_LIFETIME_SECONDS,
            ...judgeVariable(settings),
          },
          securityContext: privilegedRoot,
          resources: settings.resources.producer,
          nodeMount: bridgeMount("Bidirectional"),
        }),
      ],
      volumes: volumes(settings),
    },
  };
}
