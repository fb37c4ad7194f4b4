import { consumerManifest } from "./consumer";
import { podMetadata, podName, type PodSettings } from "./common";

/** Seconds that a Job has beyond the test's own limit: pods have to start, and the consumer to conclude. */
const STARTING_SECONDS = 60;

/** Seconds after which Kubernetes ends a Job whose pod never started, or never concluded. */
export function jobDeadlineSeconds({ timeoutSeconds }: Pick<PodSettings, "timeoutSeconds">): number {
  return timeoutSeconds + STARTING_SECONDS;
}

/** Exit statuses by which the consumer concludes that the test has failed: FAILURE, and ERROR. */
export const FAILURE_STATUS = 1;
export const ERROR_STATUS = 2;

/** A rule that ends the Job at once, with a message that has the exit status in it. */
function failJob(status: number) {
  return { action: "FailJob", onExitCodes: { containerName: "consumer", operator: "In", values: [status] } };
}

/** Annotation that says what to do when the Job's own message does not say why. */
export const WHY_ANNOTATION = "fuse-test/why";

/**
 * The consumer as a Job, whose completion is the verdict: controllers treat a failed pod as healthy, and a failed Job as
 * failed. Its pod is the consumer that `consumerManifest` makes, word for word.
 *
 * The Job's name is the same for every run, because names limit the deployer's rights. A Job is immutable: a
 * controller replaces it, with its pod, when the run changes (Flux: `force`; Argo CD: `Force=true,Replace=true`), so that
 * no verdict of an earlier run is shown for a new one.
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
