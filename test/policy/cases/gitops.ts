import { cleanerManifest } from "../../../manifests/cleaner";
import { gitopsManifests, judgedByConsumer } from "../../../manifests/gitops";
import { jobManifest } from "../../../manifests/job";
import { bothAllow, bothRefuse, type Case, changed, REMOVED } from "./case";
import { consumer, nginx, POD, podSettings, producer } from "./fixtures";
import { pod } from "./mutation";

const JOB = "kubernetes:batch/v1:Job";
const judged = judgedByConsumer(podSettings);
const job = jobManifest(judged);
const cleaner = cleanerManifest(judged);
const template = ["spec", "template"] as const;
const container = [...template, "spec", "containers", 0] as const;

function passes(title: string, type: string, props: unknown): Case {
  return { title, type, props, policies: [], ...bothAllow };
}

function jobWith(policy: string, what: string, path: readonly (string | number)[], value: unknown): Case {
  return {
    title: `Job fuse-consumer with ${what}`,
    type: JOB,
    props: changed(job, path, value),
    policies: [policy],
    ...bothRefuse,
  };
}

const ofController = { "kustomize.toolkit.fluxcd.io/name": "fuse-test" };

/** The Job and the pod that cleans up, which only GitOps deploys. */
export const gitops: readonly Case[] = [
  passes("Job fuse-consumer as it is", JOB, job),
  passes("Job fuse-consumer of which the verdict command judges", JOB, jobManifest(podSettings)),
  ...gitopsManifests(podSettings)
    .filter(({ kind }) => kind === "Pod")
    .map((manifest) =>
      passes(
        `${manifest.metadata.name} with the label of a Kustomization`,
        POD,
        changed(manifest, ["metadata", "labels"], { ...manifest.metadata.labels, ...ofController }),
      ),
    ),
  jobWith("allowed-node", "another node", [...template, "spec", "nodeName"], "w1"),
  jobWith("allowed-node", "no node", [...template, "spec", "nodeName"], REMOVED),
  jobWith("allowed-node", "a selector beside the node", [...template, "spec", "nodeSelector"], { a: "b" }),
  jobWith("least-privilege", "a privileged container", [...container, "securityContext", "privileged"], true),
  jobWith(
    "least-privilege",
    "Bidirectional propagation",
    [...container, "volumeMounts", 0, "mountPropagation"],
    "Bidirectional",
  ),
  jobWith("least-privilege", "the host's processes", [...template, "spec", "hostPID"], true),
  jobWith("bridge-only", "another directory", [...template, "spec", "volumes", 0, "hostPath", "path"], "/"),
  jobWith("known-commands", "another program", [...container, "command"], ["/bin/sh", "-c", "true"]),
  jobWith("known-commands", "another judge", [...container, "env", 3, "value"], "0"),
  jobWith("bounded-pods", "retries", ["spec", "backoffLimit"], 6),
  jobWith("bounded-pods", "no deadline", ["spec", "activeDeadlineSeconds"], REMOVED),
  jobWith("known-resources", "several pods", ["spec", "parallelism"], 2),
  jobWith("known-resources", "pods of its own choice", ["spec", "manualSelector"], true),
  jobWith("known-resources", "no rule on its failure", ["spec", "podFailurePolicy"], REMOVED),
  jobWith("known-resources", "an end that is not seen", ["spec", "ttlSecondsAfterFinished"], 0),
  jobWith("allowed-namespace", "another namespace", ["metadata", "namespace"], "default"),
  {
    title: "another Job in the namespace",
    type: JOB,
    props: changed(job, ["metadata", "name"], "other"),
    policies: ["known-resources"],
    ...bothRefuse,
  },
  {
    title: "an ordinary Job in the namespace",
    type: JOB,
    props: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "web", namespace: "fuse-test" },
      spec: { template: { spec: { containers: [nginx], restartPolicy: "Never" } } },
    },
    policies: ["allowed-node"],
    ...bothRefuse,
  },
  {
    title: "the producer under a name of the Job's pods",
    type: POD,
    props: changed(producer, ["metadata", "name"], "fuse-consumer-abcde"),
    policies: ["known-resources"],
    ...bothRefuse,
  },
  {
    title: "a consumer under a name that no Job gives",
    type: POD,
    props: changed(consumer, ["metadata", "name"], "fuse-consumer-a-b"),
    policies: ["known-resources"],
    ...bothRefuse,
  },
  pod(cleaner, "bridge-only", "the node's root", ["spec", "volumes", 0, "hostPath", "path"], "/"),
  pod(
    cleaner,
    "known-commands",
    "another directory to clean",
    ["spec", "containers", 0, "env", 1, "value"],
    "/mnt/tmp",
  ),
  pod(cleaner, "bounded-pods", "ten minutes to end", ["spec", "terminationGracePeriodSeconds"], 600),
  pod(cleaner, "allowed-node", "another node", ["spec", "nodeName"], "w1"),
  pod(
    cleaner,
    "known-commands",
    "another program",
    ["spec", "containers", 0, "command"],
    ["/bin/sh", "-c", "true"],
  ),
];
