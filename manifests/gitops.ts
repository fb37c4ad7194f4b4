import { cleanerManifest } from "./cleaner";
import type { PodSettings } from "./common";
import { programsManifest } from "./configmap";
import { consumerManifest } from "./consumer";
import { jobManifest } from "./job";
import { namespaceManifest, networkPolicyManifest, quotaManifest } from "./namespace";
import { producerManifest } from "./producer";

/** Owner of what GitOps deploys, in the label by which a stack of Pulumi sees that the test is not its own. */
export const GITOPS_OWNER = "gitops";

/** Returns the settings of pods of which the consumer judges. */
export function judgedByConsumer(settings: PodSettings): PodSettings {
  return { ...settings, judge: "consumer" };
}

/**
 * Returns the test as GitOps deploys it, within a namespace that is there: programs, producer, control, the Job whose
 * pod is the consumer, and the pod that cleans up.
 */
export function gitopsManifests(settings: PodSettings) {
  const judged = judgedByConsumer(settings);
  return [
    programsManifest(settings.namespace, GITOPS_OWNER),
    cleanerManifest(judged),
    consumerManifest(judged, { role: "control", mountPropagation: "None" }),
    producerManifest(judged),
    jobManifest(judged),
  ] as const;
}

/** Returns the namespace of the test with what limits it, for whoever deploys with all rights. */
export function gitopsNamespaceManifests({ namespace }: PodSettings) {
  return [
    namespaceManifest(namespace, GITOPS_OWNER),
    quotaManifest(namespace),
    networkPolicyManifest(namespace),
  ] as const;
}
