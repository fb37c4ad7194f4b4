import { cleanerManifest } from "./cleaner";
import { type PodSettings, runDirectory } from "./common";
import { programsManifest } from "./configmap";
import { consumerManifest } from "./consumer";
import { jobManifest } from "./job";
import { namespaceManifest, networkPolicyManifest, quotaManifest } from "./namespace";
import { producerManifest } from "./producer";
import { hashOf } from "../config/programs";

/** Owner of what GitOps deploys, in the label by which a stack of Pulumi sees that the test is not its own. */
export const GITOPS_OWNER = "gitops";

/** Characters of the hash in the id of a run. */
const HASH_LENGTH = 8;

/** Characters that an id may have: it is the value of a label. */
const LONGEST_RUN = 63;

/**
 * Returns the settings with an id of the run that ends with a hash of all that is deployed. A controller replaces only
 * what has changed, and nothing when only an annotation or the programs did: so that every change replaces all pods and
 * the Job, and gives them a directory of their own, it changes the id, which all of them have in their specs. A pod that
 * still cleans up after the replaced run touches the directory of that one alone.
 */
export function withRunOfContent(settings: PodSettings): PodSettings {
  const hash = hashOf({ manifests: gitopsManifests(settings) }).slice(0, HASH_LENGTH);
  const run = `${settings.run.slice(0, LONGEST_RUN - HASH_LENGTH - 1)}-${hash}`;
  const bridge = settings.hostPath.slice(0, settings.hostPath.lastIndexOf("/"));
  return { ...settings, run, hostPath: runDirectory({ hostPath: bridge, run }) };
}

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
