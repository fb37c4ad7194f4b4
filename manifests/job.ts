import { consumerManifest } from "./consumer";
import { podMetadata, podName, type PodSettings } from "./common";

/**
 * Seconds that a Job has beyond the test's own limit, for pods to start and for the consumer to reach its
 * verdict.
 */
const STARTING_SECONDS = 60;

/** Returns the seconds after which Kubernetes stops a Job whose pod never started, or never finished. */
export function jobDeadlineSeconds({ timeoutSeconds }: Pick<PodSettings, "timeoutSeconds">): number {
  return timeoutSeconds + STARTING_SECONDS;
}

/** Exit statuses of the consumer for a test that has failed: FAILURE, and ERROR. */
const FAILURE_STATUS = 1;
const ERROR_STATUS = 2;

/** Builds a rule that fails the Job at once, with a message that contains the exit status. */
function failJob(status: number) {
  return { action: "FailJob", onExitCodes: { containerName: "consumer", operator: "In", values: [status] } };
}

/** Annotation with the command to run if the Job's own message does not give the reason. */
export const WHY_ANNOTATION = "fuse-test/why";

/**
 * Builds the consumer as a Job, whose completion is the verdict: controllers treat a failed pod as healthy,
 * and a failed Job as failed. Its pod is exactly the consumer that `consumerManifest` builds.
 * The Job's name is the same for every run, because names limit the deployer's rights. A Job is immutable: a
 * controller replaces it, with its pod, when the run changes (Flux: `force`; Argo CD:
 * `Force=true,Replace=true`), so that no verdict of an earlier run is shown for a new one.
 */
export function jobManifest(settings: PodSettings) {
  const { metadata, spec } = consumerManifest(settings, {
    role: "consumer",
    mountPropagation: "HostToContainer",
  });
  const { labels, annotations } = podMetadata("consumer", settings);
  const run = `--namespace ${settings.namespace} --run ${settings.run}`;
  return {
    apiVersion: "batch/v1" as const,
    kind: "Job" as const,
    metadata: {
      name: podName("consumer"),
      namespace: settings.namespace,
      labels,
      annotations: {
        ...annotations,
        [WHY_ANNOTATION]: `npm run verdict -- ${run}`,
      },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: jobDeadlineSeconds(settings),
      podFailurePolicy: { rules: [failJob(FAILURE_STATUS), failJob(ERROR_STATUS)] },
      template: { metadata: { labels: metadata.labels, annotations: metadata.annotations }, spec },
    },
  };
}
