import { IMAGE_BY_DIGEST, IMAGE_BY_TAG, NAMESPACE, NODES, RUN } from "./allowlist";
import { appliers, testLabels, testMetadata } from "./metadata";
import { matches } from "./pattern";
import type { ContainerRole, PodRole } from "./roles";
import {
  any,
  exactly,
  type Field,
  forbidden,
  integer,
  lateInteger,
  list,
  type Members,
  named,
  type NamedShape,
  object,
  type ObjectShape,
  oneOf,
  optional,
  required,
  server,
  type Shape,
  text,
  type Topic,
} from "./schema";

/** Kubernetes writes a quantity in the shortest way without a fraction, so that `0.5m` becomes `500u`. */
const quantity = text(
  "^[0-9]+([.][0-9]+)?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$",
  "a quantity such as 100m or 128Mi",
);
const amounts = object({ cpu: required(quantity), memory: required(quantity) });

/** An image that a pod of the test may run. */
const image = text(
  `${IMAGE_BY_DIGEST}|${IMAGE_BY_TAG}`,
  "an image by digest (name@sha256:...), or a public one by version",
);

const toleration = object({
  key: required(text("^.+$", "the key of a taint")),
  operator: optional(oneOf("Exists", "Equal")),
  value: optional(text("^.*$", "a text")),
  effect: optional(oneOf("NoSchedule", "PreferNoSchedule", "NoExecute")),
  tolerationSeconds: optional(integer(0, 86_400)),
});

function forbiddenFields(topic: Topic, ...names: readonly string[]): Record<string, Field> {
  return Object.fromEntries(names.map((name) => [name, forbidden(topic)]));
}

function admitsEmpty(shape: Shape): boolean {
  return shape.kind === "text" && matches(shape.pattern, "");
}

function environment(variables: Readonly<Record<string, Shape>>): Members {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      // Kubernetes leaves out a value that is empty.
      { value: admitsEmpty(value) ? optional(value) : required(value) },
    ]),
  );
}

function container(role: ContainerRole, volume: string): Readonly<Record<string, Field>> {
  return {
    image: required(image, "image"),
    imagePullPolicy: required(oneOf("Never", "IfNotPresent"), "image"),
    command: required(exactly("/bin/sh", `/fuse-test/${role.program}`), "command"),
    env: required(
      named({}, { ...environment(role.environment), ...environment(role.judged ?? {}) }),
      "command",
    ),
    securityContext: required(role.securityContext, "privilege"),
    resources: required(
      object({ requests: required(amounts), limits: required(amounts), claims: forbidden("host-path") }),
      "bounds",
    ),
    volumeMounts: required(
      named({
        [volume]: role.mount,
        programs: { mountPath: required(oneOf("/fuse-test")), readOnly: required(oneOf(true)) },
        scratch: { mountPath: required(oneOf("/scratch")) },
      }),
      "host-path",
    ),
    terminationMessagePath: server(oneOf("/dev/termination-log")),
    terminationMessagePolicy: server(oneOf("File")),
    ...forbiddenFields("command", "args", "envFrom", "lifecycle", "workingDir"),
    ...forbiddenFields("host-path", "volumeDevices"),
  };
}

function volumes(role: PodRole): Shape {
  return named({
    [role.volume.name]: {
      hostPath: required(
        object({ path: required(role.volume.path), type: required(oneOf(role.volume.type)) }),
      ),
    },
    programs: {
      configMap: required(
        object({ name: required(oneOf(role.programs)), defaultMode: required(oneOf(0o555)) }),
      ),
    },
    scratch: {
      emptyDir: required(object({ sizeLimit: required(text("^[0-9]{1,3}Mi$", "less than 1000Mi")) })),
    },
  });
}

function containers(role: PodRole): NamedShape {
  const fields = (always: boolean) =>
    Object.fromEntries(
      role.containers
        .filter((one) => one.always === always)
        .map((one) => [one.name, container(one, role.volume.name)]),
    );
  return named(fields(true), fields(false));
}

/** The spec of a pod with a role: the one canonical form, which names its node and leaves nothing to a scheduler. */
function podSpec(role: PodRole): ObjectShape {
  return object({
    nodeName: required(oneOf(...NODES), "node"),
    tolerations: optional(list(toleration), "node"),
    ...forbiddenFields("node", "nodeSelector", "affinity", "topologySpreadConstraints", "runtimeClassName"),
    schedulerName: server(oneOf("default-scheduler"), "node"),
    priority: server(oneOf(0), "node"),
    preemptionPolicy: server(oneOf("PreemptLowerPriority"), "node"),
    restartPolicy: required(oneOf(role.restartPolicy), "bounds"),
    activeDeadlineSeconds: required(integer(1, role.longestSeconds), "bounds"),
    // In a preview of another run it is unknown: see components/test-pod.ts.
    terminationGracePeriodSeconds: required(lateInteger(1, role.longestGraceSeconds ?? 30), "bounds"),
    automountServiceAccountToken: required(oneOf(false), "privilege"),
    enableServiceLinks: required(oneOf(false), "privilege"),
    dnsPolicy: required(oneOf("Default"), "privilege"),
    serviceAccountName: server(oneOf("default"), "privilege"),
    serviceAccount: server(oneOf("default"), "privilege"),
    securityContext: server(object({}), "privilege"),
    ...forbiddenFields(
      "privilege",
      "hostPID",
      "hostIPC",
      "hostNetwork",
      "hostUsers",
      "shareProcessNamespace",
    ),
    containers: required(containers(role)),
    ...forbiddenFields("privilege", "initContainers", "ephemeralContainers"),
    ...forbiddenFields("host-path", "resourceClaims"),
    volumes: required(volumes(role), "host-path"),
  });
}

/** The labels of a pod with a role. */
function roleLabels(role: PodRole): Readonly<Record<string, Field>> {
  return {
    ...testLabels,
    "fuse-test/role": required(oneOf(role.role)),
    "fuse-test/run": required(text(RUN, "the id of a run")),
  };
}

const podAnnotations: Readonly<Record<string, Field>> = {
  "pulumi.com/waitFor": required(oneOf("jsonpath={.metadata.uid}")),
  "fuse-test/programs": required(text("^[0-9a-f]{16}$", "the hash of the programs")),
  "fuse-test/settings": optional(text("^[0-9a-f]{16}$", "the hash of the settings")),
};

/** The labels that the Job controller gives to the pods that it makes. */
const labelsOfJob = Object.fromEntries(
  ["batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name"].map(
    (key) => [key, server(text("^[a-z0-9-]+$", "the Job controller's"))],
  ),
);

/** The ending of a name that the API server generates. */
const GENERATED = "[a-z0-9]{1,10}";

function podMetadata(role: PodRole): ObjectShape {
  const metadata = testMetadata({
    name: role.pod,
    namespace: NAMESPACE,
    labels: object({ ...roleLabels(role), ...(role.job === undefined ? {} : labelsOfJob) }),
    annotations: object({ ...podAnnotations, ...appliers.annotations }),
  });
  if (role.job === undefined) return metadata;
  return object({
    ...metadata.fields,
    name: required(text(`^${role.pod}${GENERATED}$`, `${role.pod} with what the API server adds`)),
    generateName: server(oneOf(role.pod)),
    ownerReferences: server(
      list(
        object({
          apiVersion: server(oneOf("batch/v1")),
          kind: server(oneOf("Job")),
          name: server(oneOf(role.job)),
          uid: server(any),
          controller: server(oneOf(true)),
          blockOwnerDeletion: server(oneOf(true)),
        }),
      ),
    ),
    finalizers: server(exactly("batch.kubernetes.io/job-tracking")),
  });
}

/** The Job of a pod with a role: its spec is the pod's in everything but what a Job is for. */
export function jobShape(
  role: PodRole,
  job: string,
): { readonly metadata: ObjectShape; readonly spec: ObjectShape } {
  const metadata = testMetadata({
    name: job,
    namespace: NAMESPACE,
    labels: object(roleLabels(role)),
    annotations: object({
      ...podAnnotations,
      ...appliers.annotations,
      "fuse-test/why": required(text("^[^\n]{1,200}$", "one line")),
      "batch.kubernetes.io/job-tracking": server(oneOf("")),
    }),
  });
  const spec = object({
    backoffLimit: required(oneOf(0), "bounds"),
    activeDeadlineSeconds: required(integer(1, role.longestSeconds), "bounds"),
    podFailurePolicy: required(
      object({
        rules: required(
          list(
            object({
              action: required(oneOf("FailJob")),
              onExitCodes: required(
                object({
                  containerName: required(oneOf(role.role)),
                  operator: required(oneOf("In")),
                  values: required(list(integer(1, 2))),
                }),
              ),
              onPodConditions: server(list(any)),
            }),
          ),
        ),
      }),
    ),
    template: required(
      object({
        metadata: required(
          object({
            labels: required(object({ ...roleLabels(role), ...labelsOfJob })),
            annotations: required(object(podAnnotations)),
            creationTimestamp: server(any),
          }),
        ),
        spec: required(podSpec(role)),
      }),
    ),
    completions: server(oneOf(1)),
    parallelism: server(oneOf(1)),
    completionMode: server(oneOf("NonIndexed")),
    suspend: server(oneOf(false)),
    manualSelector: server(oneOf(false)),
    podReplacementPolicy: server(oneOf("Failed")),
    selector: server(any),
  });
  return { metadata, spec };
}

/** The parts of a pod with a role. */
export interface PodParts {
  readonly metadata: ObjectShape;
  /** With the containers. */
  readonly spec: ObjectShape;
  readonly containers: NamedShape;
}

/** What a pod with a role must be, part by part. */
export function podParts(role: PodRole): PodParts {
  return { metadata: podMetadata(role), spec: podSpec(role), containers: containers(role) };
}

/** A whole pod with a role. */
export function podShape(role: PodRole): Shape {
  const { metadata, spec } = podParts(role);
  return object({
    apiVersion: required(oneOf("v1")),
    kind: required(oneOf("Pod")),
    metadata: required(metadata),
    spec: required(spec),
    status: server(any),
  });
}
