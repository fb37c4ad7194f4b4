import type { MatrixContainer } from "../examination/matrix";
import { matrixRows, READER, steps, type Suite } from "../examination/suite";
import {
  BRIDGE_MOUNT_PATH,
  commonMounts,
  environment,
  podDefaults,
  podMetadata,
  type PodSettings,
  volumes,
} from "./common";
import { CONSUMER_ID } from "./consumer";

/** How long a container of the examination waits for another one, in seconds. */
const WAIT_SECONDS = 30;

/** A container of the matrix does little, once. */
const cellResources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "200m", memory: "32Mi" },
};

/** Times are measured here: a container that is held back by its limit would measure the limit. */
const measuringResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "256Mi" },
};

/** Place for the files through which the speed is measured. */
const SCRATCH_LIMIT = "160Mi";

function examinationVolumes(settings: PodSettings) {
  return volumes(settings).map((volume) =>
    volume.name === "scratch" ? { name: "scratch", emptyDir: { sizeLimit: SCRATCH_LIMIT } } : volume,
  );
}

function unprivileged(uid: number) {
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

function consumerContainer(settings: PodSettings, cell: MatrixContainer) {
  const { name, propagation, privileged, uid } = cell;
  return {
    name,
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    command: ["/bin/sh", "/fuse-test/examination-consumer.sh"],
    env: environment({ RUN: settings.run, CELL: name, WAIT_SECONDS }),
    securityContext: privileged ? { privileged: true, runAsUser: uid, runAsGroup: uid } : unprivileged(uid),
    resources: name === READER ? measuringResources : cellResources,
    volumeMounts: [
      { name: "bridge", mountPath: BRIDGE_MOUNT_PATH, mountPropagation: propagation, readOnly: false },
      ...commonMounts,
    ],
  };
}

/** A container starts again where it ends with a failure: that is how one is started after the mount. */
function examinationDefaults(settings: PodSettings) {
  return { ...podDefaults(settings), restartPolicy: "OnFailure" };
}

/**
 * The examination's one privileged pod: a producer that loses its mount in many ways, and, in the
 * full suite, the containers of the matrix that are privileged too. They have the producer's rights
 * and its node, but mount namespaces of their own.
 */
export function examinationProducerManifest(settings: PodSettings, suite: Suite) {
  const cells = matrixRows(suite);
  return {
    apiVersion: "v1" as const,
    kind: "Pod" as const,
    metadata: podMetadata("examination-producer", settings),
    spec: {
      ...examinationDefaults(settings),
      terminationGracePeriodSeconds: 10,
      containers: [
        {
          name: "examination-producer",
          image: settings.image,
          imagePullPolicy: settings.imagePullPolicy,
          command: ["/bin/sh", "/fuse-test/examination-producer.sh"],
          env: environment({
            RUN: settings.run,
            DRIVER: settings.driver,
            CELLS: cells.map(({ name }) => name).join(" "),
            STEPS: steps(suite).join(" "),
            WAIT_SECONDS,
          }),
          securityContext: { privileged: true, runAsUser: 0 },
          resources: measuringResources,
          volumeMounts: [
            { name: "bridge", mountPath: BRIDGE_MOUNT_PATH, mountPropagation: "Bidirectional" },
            ...commonMounts,
          ],
        },
        ...cells.filter(({ privileged }) => privileged).map((cell) => consumerContainer(settings, cell)),
      ],
      volumes: examinationVolumes(settings),
    },
  };
}

const reader: MatrixContainer = {
  name: READER,
  propagation: "HostToContainer",
  privileged: false,
  uid: CONSUMER_ID,
};

/** The examination's unprivileged pod: the reader, and the unprivileged containers of the matrix. */
export function examinationConsumerManifest(settings: PodSettings, suite: Suite) {
  const cells = matrixRows(suite).filter(({ privileged }) => !privileged);
  return {
    apiVersion: "v1" as const,
    kind: "Pod" as const,
    metadata: podMetadata("examination-consumer", settings),
    spec: {
      ...examinationDefaults(settings),
      terminationGracePeriodSeconds: 1,
      containers: [reader, ...cells].map((cell) => consumerContainer(settings, cell)),
      volumes: examinationVolumes(settings),
    },
  };
}

/** A pod that the API must refuse, for a dry run. */
export function refusedManifest(settings: PodSettings, cell: MatrixContainer) {
  const manifest = examinationConsumerManifest(settings, "standard");
  return {
    ...manifest,
    metadata: { ...manifest.metadata, name: "fuse-examination-refused" },
    spec: { ...manifest.spec, containers: [consumerContainer(settings, cell)] },
  };
}
