import { IMAGE_BY_DIGEST, IMAGE_BY_TAG, NAMESPACE, NODES, RUN } from "./allowlist";
import { testLabels, testMetadata } from "./metadata";
import { matches } from "./pattern";
import type { ContainerRole, PodRole } from "./roles";
import {
  any,
  exactly,
  type Field,
  forbidden,
  integer,
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

function environment(role: ContainerRole): Members {
  return Object.fromEntries(
    Object.entries(role.environment).map(([name, value]) => [
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
    env: required(named({}, environment(role)), "command"),
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
    terminationGracePeriodSeconds: required(integer(1, 30), "bounds"),
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

function podMetadata(role: PodRole): ObjectShape {
  return testMetadata({
    name: role.pod,
    namespace: NAMESPACE,
    labels: object({
      ...testLabels,
      "fuse-test/role": required(oneOf(role.role)),
      "fuse-test/run": required(text(RUN, "the id of a run")),
    }),
    annotations: object({
      "pulumi.com/waitFor": required(oneOf("jsonpath={.metadata.uid}")),
      "fuse-test/programs": required(text("^[0-9a-f]{16}$", "the hash of the programs")),
      "fuse-test/settings": optional(text("^[0-9a-f]{16}$", "the hash of the settings")),
    }),
  });
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
