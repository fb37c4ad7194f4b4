import { cleanerManifest } from "./cleaner";
import { type PodSettings, runDirectory } from "./common";
import { programsManifest } from "./configmap";
import { consumerManifest } from "./consumer";
import { jobManifest } from "./job";
import { namespaceManifest, networkPolicyManifest, quotaManifest } from "./namespace";
import { producerManifest } from "./producer";
import { hashOf } from "../config/programs";

/**
 * Owner of a test that GitOps deploys, in the label by which a Pulumi stack recognises that the test is not
 * its own.
 */
const GITOPS_OWNER = "gitops";

/** Characters of the hash in the id of a run. */
const HASH_LENGTH = 8;

/** Longest id of a run, in characters: it is the value of a label. */
const LONGEST_RUN = 63;

/**
 * Returns the settings with a run id that ends with a hash of everything that is deployed. A controller
 * replaces only objects that changed, and none if only an annotation or the programs did. Each change
 * therefore changes the id, which is in all specs, so that all pods and the Job are replaced and have their
 * own directory. A pod that still cleans up after the replaced run uses that run's directory only.
 */
export function withRunOfContent(settings: PodSettings): PodSettings {
  const hash = hashOf({ manifests: gitopsManifests(settings) }).slice(0, HASH_LENGTH);
  const run = `${settings.run.slice(0, LONGEST_RUN - HASH_LENGTH - 1)}-${hash}`;
  const bridge = settings.hostPath.slice(0, settings.hostPath.lastIndexOf("/"));
  return { ...settings, run, hostPath: runDirectory({ hostPath: bridge, run }) };
}

/** Returns the settings of pods whose consumer judges. */
export function judgedByConsumer(settings: PodSettings): PodSettings {
  return { ...settings, judge: "consumer" };
}

/**
 * Builds the test as GitOps deploys it, in a namespace that exists: programs, producer, control, the Job
 * whose pod is the consumer, and the pod that cleans up.
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

/** Builds the namespace of the test with its limits, for a deployer with all rights. */
export function gitopsNamespaceManifests({ namespace }: PodSettings) {
  return [
    namespaceManifest(namespace, GITOPS_OWNER),
    quotaManifest(namespace),
    networkPolicyManifest(namespace),
  ] as const;
}
