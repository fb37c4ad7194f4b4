import { rightsManifests } from "../admission/deployer";
import { GUARD_MANAGER, type Guard, guardManifests } from "../admission/guard";
import { NAMESPACE } from "./allowlist";
import { testLabels, testMetadata } from "./metadata";
import { jobShape, podShape } from "./pods";
import { ROLES } from "./roles";
import { snapshot } from "./snapshot";
import {
  any,
  exactly,
  map,
  object,
  oneOf,
  optional,
  required,
  same,
  server,
  type Shape,
  text,
} from "./schema";

/** A Kubernetes object that the program creates. */
export interface KnownObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Pulumi's type token of it. */
  readonly token: string;
  /** Its `metadata.name`. */
  readonly name: string;
  /** Its namespace; absent if it has none. */
  readonly namespace?: string;
  readonly shape: Shape;
}

function known(
  options: Omit<KnownObject, "shape">,
  fields: Parameters<typeof object>[0],
  metadata = testMetadata({ name: options.name, namespace: NAMESPACE }),
): KnownObject {
  const shape = object({
    apiVersion: required(oneOf(options.apiVersion)),
    kind: required(oneOf(options.kind)),
    metadata: required(metadata),
    ...fields,
  });
  const namespaced = metadata.fields.namespace !== undefined;
  return { ...options, ...(namespaced ? { namespace: NAMESPACE } : {}), shape };
}

const ownerLabels = {
  ...testLabels,
  "fuse-test/owner": optional(text("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$", "the name of a stack")),
};

const ownerAnnotations = object({
  "pulumi.com/patchFieldManager": optional(
    text("^fuse-test-[A-Za-z0-9_.-]+$", "this project's field manager"),
  ),
});

const namespace = known(
  { apiVersion: "v1", kind: "Namespace", token: "kubernetes:core/v1:Namespace", name: NAMESPACE },
  {},
  testMetadata({
    name: NAMESPACE,
    labels: object({
      ...ownerLabels,
      "pod-security.kubernetes.io/enforce": required(oneOf("privileged"), "privilege"),
    }),
    annotations: ownerAnnotations,
  }),
);

const amount = text("^[0-9]+(m|k|M|G|Ki|Mi|Gi)?$", "an amount");

const quota = known(
  { apiVersion: "v1", kind: "ResourceQuota", token: "kubernetes:core/v1:ResourceQuota", name: "fuse-test" },
  {
    spec: required(
      object({
        hard: required(
          object({
            pods: required(text("^[0-9]{1,2}$", "less than 100")),
            "requests.cpu": required(amount),
            "requests.memory": required(amount),
            "limits.cpu": required(amount),
            "limits.memory": required(amount),
            persistentvolumeclaims: required(oneOf("0")),
            services: required(oneOf("0")),
          }),
        ),
      }),
      "bounds",
    ),
  },
);

const denyAll = known(
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    token: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: "deny-all",
  },
  {
    spec: required(
      object({
        podSelector: required(object({})),
        policyTypes: required(exactly("Ingress", "Egress")),
      }),
      "privilege",
    ),
  },
);

const programs = [...new Set(ROLES.map(({ programs: name }) => name))].map((name) =>
  known(
    { apiVersion: "v1", kind: "ConfigMap", token: "kubernetes:core/v1:ConfigMap", name },
    {
      data: required(map("^[a-z0-9-]+[.]sh$", text("^#", "a program")), "command"),
    },
    testMetadata({
      name,
      namespace: NAMESPACE,
      labels: object(ownerLabels),
      annotations: ownerAnnotations,
    }),
  ),
);

/** The pods of the test, one for each role. */
export const PODS: readonly KnownObject[] = ROLES.filter(({ job }) => job === undefined).map((role) => ({
  apiVersion: "v1",
  kind: "Pod",
  token: "kubernetes:core/v1:Pod",
  name: role.pod,
  namespace: NAMESPACE,
  shape: podShape(role),
}));

/** The Jobs of the test. */
const JOBS: readonly KnownObject[] = ROLES.flatMap((role) => {
  const { job } = role;
  if (job === undefined) return [];
  const { metadata, spec } = jobShape(role, job);
  const options = { apiVersion: "batch/v1", kind: "Job", token: "kubernetes:batch/v1:Job", name: job };
  return [known(options, { spec: required(spec), status: server(any) }, metadata)];
});

const guardAnnotations = object({ "pulumi.com/patchFieldManager": optional(oneOf(GUARD_MANAGER)) });

function guardObject(manifest: Guard["policy"] | Guard["binding"]): KnownObject {
  const { apiVersion, kind, metadata, spec } = manifest;
  const token = `kubernetes:${apiVersion}:${kind}`;
  const fields = { spec: required(same(snapshot(spec))) };
  return known(
    { apiVersion, kind, token, name: metadata.name },
    fields,
    testMetadata({ name: metadata.name, annotations: guardAnnotations }),
  );
}

/** The cluster's own guard: no stack may replace it by a weaker one of the same name. */
export const GUARDS: readonly KnownObject[] = guardManifests().flatMap(({ policy, binding }) => [
  guardObject(policy),
  guardObject(binding),
]);

/** The deployer's rights: an administrator chooses the subjects, and cannot change the rules. */
const RIGHTS: readonly KnownObject[] = rightsManifests().map(({ apiVersion, kind, metadata, ...content }) =>
  known(
    { apiVersion, kind, token: `kubernetes:${apiVersion}:${kind}`, name: metadata.name },
    "rules" in content
      ? { rules: required(same(snapshot(content.rules))) }
      : { roleRef: required(same(snapshot(content.roleRef))), subjects: required(any) },
    testMetadata({
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    }),
  ),
);

/** Everything that may exist in the namespace, the namespace itself, the deployer's rights and the guard. */
export const OBJECTS: readonly KnownObject[] = [
  namespace,
  quota,
  denyAll,
  ...programs,
  ...PODS,
  ...JOBS,
  ...RIGHTS,
  ...GUARDS,
];

/** Returns the known object with a kind and a name. */
export function knownObject(kind: string, name: string): KnownObject {
  const found = OBJECTS.find((candidate) => candidate.kind === kind && candidate.name === name);
  if (found === undefined) throw new Error(`no known object is a ${kind} named ${name}`);
  return found;
}
