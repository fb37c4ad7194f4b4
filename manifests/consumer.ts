import {
  bridgeMount,
  container,
  CONSUMER_ID,
  judgeVariable,
  podDefaults,
  podMetadata,
  type PodSettings,
  unprivileged,
  volumes,
} from "./common";

/** The parts in which the pods that read the mount differ. */
export interface ConsumerOptions {
  readonly role: "consumer" | "control";
  readonly mountPropagation: "None" | "HostToContainer";
}

/** Builds the pod that reads through the mount, or its negative control. */
export function consumerManifest(settings: PodSettings, options: ConsumerOptions) {
  return {
    apiVersion: "v1" as const,
    kind: "Pod" as const,
    metadata: podMetadata(options.role, settings),
    spec: {
      ...podDefaults(settings),
      terminationGracePeriodSeconds: 1,
      containers: [
        container({
          name: options.role,
          image: settings.image,
          imagePullPolicy: settings.imagePullPolicy,
          program: "consumer.sh",
          env: {
            RUN: settings.run,
            ROLE: options.role,
            TIMEOUT_SECONDS: settings.timeoutSeconds,
            ...judgeVariable(settings),
          },
          securityContext: unprivileged(CONSUMER_ID),
          resources: settings.resources.consumer,
          nodeMount: bridgeMount(options.mountPropagation, { readOnly: true }),
        }),
      ],
      volumes: volumes(settings),
    },
  };
}
