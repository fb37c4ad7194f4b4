import {
  BRIDGE_MOUNT_PATH,
  commonMounts,
  CONSUMER_ID,
  environment,
  judgeVariable,
  podDefaults,
  podMetadata,
  type PodSettings,
  volumes,
} from "./common";

/** How a pod that looks for the mount differs from another one. */
export interface ConsumerOptions {
  readonly role: "consumer" | "control";
  readonly mountPropagation: "None" | "HostToContainer";
}

const unprivileged = {
  privileged: false,
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  runAsUser: CONSUMER_ID,
  runAsGroup: CONSUMER_ID,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** The pod that reads through the mount, or its negative control. */
export function consumerManifest(settings: PodSettings, options: ConsumerOptions) {
  return {
    apiVersion: "v1" as const,
    kind: "Pod" as const,
    metadata: podMetadata(options.role, settings),
    spec: {
      ...podDefaults(settings),
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: options.role,
          image: settings.image,
          imagePullPolicy: settings.imagePullPolicy,
          command: ["/bin/sh", "/fuse-test/consumer.sh"],
          env: environment({
            RUN: settings.run,
            ROLE: options.role,
            TIMEOUT_SECONDS: settings.timeoutSeconds,
            ...judgeVariable(settings),
          }),
          securityContext: unprivileged,
          resources: settings.resources.consumer,
          volumeMounts: [
            {
              name: "bridge",
              mountPath: BRIDGE_MOUNT_PATH,
              mountPropagation: options.mountPropagation,
              readOnly: true,
            },
            ...commonMounts,
          ],
        },
      ],
      volumes: volumes(settings),
    },
  };
}
