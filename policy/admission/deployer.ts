import { NAMESPACE, NODES, PROGRAMS } from "../rules/allowlist";
import { ROLES } from "../rules/roles";
import { labels } from "../../manifests/common";
import { JANITOR_PROGRAMS_NAME } from "../../manifests/janitor";
import {
  KEPT_OWNER,
  namespaceManifest,
  networkPolicyManifest,
  quotaManifest,
} from "../../manifests/namespace";

/** The group whose members may run the test. */
export const DEPLOYERS = "fuse-test-deployers";

/** Name of the roles and of their bindings. */
export const DEPLOYER = "fuse-test-deployer";

const RBAC_GROUP = "rbac.authorization.k8s.io";
const RBAC = `${RBAC_GROUP}/v1` as const;

/** Verbs that are granted on some objects of one kind. */
interface Permission {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

function may(
  verbs: readonly string[],
  resource: string,
  names?: readonly string[],
  apiGroup = "",
): Permission {
  const permission = { apiGroups: [apiGroup], resources: [resource], verbs };
  return names === undefined ? permission : { ...permission, resourceNames: names };
}

const podNames = ROLES.filter(({ job }) => job === undefined).map(({ pod }) => pod);
const jobNames = ROLES.flatMap(({ job }) => job ?? []);
const programNames = [PROGRAMS, JANITOR_PROGRAMS_NAME];

/**
 * Permissions for the program's requests in its namespace, and no more. A name cannot limit `create`, `list` and
 * `watch`: the namespace limits these, and the guard checks the created objects. Not among them, on purpose: `pods/exec`,
 * `pods/attach`, `pods/portforward` and `pods/ephemeralcontainers` lead into the privileged producer; `secrets` and
 * `serviceaccounts/token` to the rights of other accounts; `roles` and `rolebindings` to more rights of one's own.
 */
const inNamespace: readonly Permission[] = [
  may(["create", "list", "watch"], "pods"),
  may(["get", "patch", "delete"], "pods", podNames),
  // Without names, as the preflight asks for it: before there are pods.
  may(["get"], "pods/log"),
  // The examination has its own producer evicted.
  may(["create"], "pods/eviction", podNames),
  may(["create", "list", "watch"], "configmaps"),
  may(["get", "patch", "delete"], "configmaps", programNames),
  // GitOps deploys the consumer as a Job, and replaces it by a new one for another run.
  may(["create", "list", "watch"], "jobs", undefined, "batch"),
  may(["get", "patch", "delete"], "jobs", jobNames, "batch"),
  may(["list", "watch"], "events"),
  may(["get"], "namespaces", [NAMESPACE]),
];

/** Permission to read the node of the test: that it exists, its conditions and its versions. */
const inCluster: readonly Permission[] = [may(["get"], "nodes", NODES)];

/** A subject of a binding: a group of people, or a controller's service account. */
export type Subject =
  | { readonly kind: "Group"; readonly name: string; readonly apiGroup: typeof RBAC_GROUP }
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string };

const people: readonly Subject[] = [{ kind: "Group", name: DEPLOYERS, apiGroup: RBAC_GROUP }];

function role(kind: "Role" | "ClusterRole", rules: readonly Permission[]) {
  const metadata =
    kind === "Role" ? { name: DEPLOYER, namespace: NAMESPACE, labels } : { name: DEPLOYER, labels };
  return { apiVersion: RBAC, kind, metadata, rules };
}

function binding(kind: "Role" | "ClusterRole", subjects: readonly Subject[]) {
  const { metadata } = role(kind, []);
  const roleRef = { apiGroup: RBAC_GROUP, kind, name: DEPLOYER };
  return { apiVersion: RBAC, kind: `${kind}Binding` as const, metadata, subjects, roleRef };
}

/** Builds the deployer's rights: those in the namespace, and the permission to read the node. */
export function rightsManifests(subjects = people) {
  return [
    role("Role", inNamespace),
    binding("Role", subjects),
    role("ClusterRole", inCluster),
    binding("ClusterRole", subjects),
  ] as const;
}

/** Builds the namespace with its quota and network policy, which an administrator creates and the deployer cannot change. */
export function deployerNamespaceManifests() {
  return [
    namespaceManifest(NAMESPACE, KEPT_OWNER),
    quotaManifest(NAMESPACE),
    networkPolicyManifest(NAMESPACE),
  ] as const;
}

/**
 * Builds the objects that an administrator creates for the deployer of the test (`fuse-test:keepNamespace`): the
 * namespace with its quota and network policy, which the deployer cannot change, and the deployer's rights.
 *
 * The namespace must be the administrator's. Rights in a namespace are a RoleBinding in it, which is deleted with it: a
 * user who deletes the namespace has no rights in the next one. Rights that outlive it would be rights in every namespace, and
 * the right to bind them again would be one to bind them anywhere. A cluster role can limit `create` of namespaces to
 * one name only for server-side apply, whose address has the name; for every other way it limits nothing.
 */
export function deployerManifests(subjects = people) {
  return [...deployerNamespaceManifests(), ...rightsManifests(subjects)] as const;
}
