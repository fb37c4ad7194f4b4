import type { MatrixContainer } from "../config/visibility-matrix";
import { matrixRows, READER, steps, type Suite } from "../config/suites";
import {
  bridgeMount,
  container,
  CONSUMER_ID,
  podDefaults,
  podMetadata,
  type PodSettings,
  privilegedRoot,
  unprivileged,
  volumes,
} from "./common";

/** Time that a container of the examination waits for another one, in seconds. */
const WAIT_SECONDS = 30;

/** Small, because a container of the matrix does little, once. */
const cellResources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "200m", memory: "32Mi" },
};

/** Large, because a container that is throttled by its limit would measure the limit. */
const measuringResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "256Mi" },
};

/** Size of the volume for the files by which the speed is measured. */
const SCRATCH_LIMIT = "160Mi";

function examinationVolumes(settings: PodSettings) {
  return volumes(settings).map((volume) =>
    volume.name === "scratch" ? { name: "scratch", emptyDir: { sizeLimit: SCRATCH_LIMIT } } : volume,
  );
}

function consumerContainer(settings: PodSettings, cell: MatrixContainer) {
  const { name, propagation, privileged, uid } = cell;
  return container({
    name,
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    program: "examination-consumer.sh",
    env: { RUN: settings.run, CELL: name, WAIT_SECONDS },
    securityContext: privileged ? { privileged, runAsUser: uid, runAsGroup: uid } : unprivileged(uid),
    resources: name === READER ? measuringResources : cellResources,
    nodeMount: bridgeMount(propagation, { readOnly: false }),
  });
}

/** Returns the common fields with restarts: a container that exits with a failure is started again, then after the mount. */
function examinationDefaults(settings: PodSettings) {
  return { ...podDefaults(settings), restartPolicy: "OnFailure" };
}

/**
 * Builds the examination's privileged pod: a producer that loses its mount in several ways, and, in the full
 * suite, the privileged containers of the matrix. They have the producer's rights and its node, but their own
 * mount namespaces.
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
        container({
          name: "examination-producer",
          image: settings.image,
          imagePullPolicy: settings.imagePullPolicy,
          program: "examination-producer.sh",
          env: {
            RUN: settings.run,
            DRIVER: settings.driver,
            CELLS: cells.map(({ name }) => name).join(" "),
            STEPS: steps(suite).join(" "),
            WAIT_SECONDS,
          },
          securityContext: privilegedRoot,
          resources: measuringResources,
          nodeMount: bridgeMount("Bidirectional"),
        }),
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

/** Builds the examination's unprivileged pod: the reader, and the unprivileged containers of the matrix. */
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

/** Builds a pod that the API server must refuse, for a dry run. */
export function refusedManifest(settings: PodSettings, cell: MatrixContainer) {
  const manifest = examinationConsumerManifest(settings, "standard");
  return {
    ...manifest,
    metadata: { ...manifest.metadata, name: "fuse-examination-refused" },
    spec: { ...manifest.spec, containers: [consumerContainer(settings, cell)] },
  };
}
