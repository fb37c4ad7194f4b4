import type { V1Namespace } from "@kubernetes/client-node";
import { labels } from "../manifests/common";
import { KEPT_OWNER, namespaceManifest, OWNER_LABEL } from "../manifests/namespace";
import type { Cluster } from "./cluster-api";
import { poll, within } from "../kube/wait";

/** Time to wait for a namespace whose deletion is blocked, in seconds. An empty one takes 5. */
const HELD_SECONDS = 60;

/**
 * Time to wait for a namespace whose deletion nothing is known to block, in seconds: after an outage of the
 * API server its controllers can take more than a minute to reconnect.
 */
const NAMESPACE_SECONDS = 150;

/** Returns true for a namespace that the test created, or that was created for it. */
export function isOurs(namespace: V1Namespace): boolean {
  return namespace.metadata?.labels?.["app.kubernetes.io/name"] === labels["app.kubernetes.io/name"];
}

/** Returns true for a namespace that is being deleted. */
export function isBeingDeleted({ metadata }: V1Namespace): boolean {
  return metadata?.deletionTimestamp !== undefined;
}

/** Returns the stack that an object belongs to, by its label. */
export function ownerLabel({ metadata }: Pick<V1Namespace, "metadata">): string | undefined {
  return metadata?.labels?.[OWNER_LABEL];
}

/** Describes which other stack owns an object, and what to do. */
export function describeOtherOwner(owner: string, stack: string): string {
  return `it belongs to the stack ${owner}, and this one is ${stack}. Nothing in it was changed. Destroy that stack in the checkout that deployed it; if its state is lost, run: npm run clean`;
}

/** Describes, before a namespace is deleted, which finalizers will block it; undefined if there are none. */
export function finalizerWarning({ metadata }: V1Namespace): string | undefined {
  const { name = "", finalizers = [] } = metadata ?? {};
  if (finalizers.length === 0) return undefined;
  return `the namespace ${name} cannot be deleted while it has the finalizers ${finalizers.join(", ")}, which are not the test's. The controllers that set them must remove them; if they do not, run: kubectl patch namespace ${name} --type=merge --patch '{"metadata":{"finalizers":null}}', and run the destroy again`;
}

/** Returns what blocks the deletion of a namespace, in the API server's own words. */
export function deletionBlocker({ metadata, spec, status }: V1Namespace): string {
  const conditions = (status?.conditions ?? []).flatMap(({ status: holds, message }) =>
    holds === "True" && message !== undefined ? [message] : [],
  );
  const finalizers = [...(metadata?.finalizers ?? []), ...(spec?.finalizers ?? [])].filter(
    (name) => name !== "kubernetes",
  );
  return [
    ...conditions,
    ...(finalizers.length === 0 ? [] : [`its finalizers are ${finalizers.join(", ")}`]),
  ].join("; ");
}

/** Waits until this namespace is gone, by uid. @throws Error that names what blocks its deletion. */
export async function awaitGone(cluster: Cluster, { metadata }: V1Namespace): Promise<void> {
  const { name = "", uid } = metadata ?? {};
  const held = within(HELD_SECONDS);
  const outcome = await poll(within(NAMESPACE_SECONDS), async () => {
    const found = await cluster.namespace(name);
    if (found === undefined || found.metadata?.uid !== uid) return { holder: undefined };
    const holder = deletionBlocker(found);
    return holder !== "" && Date.now() >= held.until ? { holder } : undefined;
  });
  if (outcome === undefined) {
    throw new Error(
      `the namespace ${name} is still being deleted after ${NAMESPACE_SECONDS} s, and nothing is known to block it. Check that the cluster's controller manager works, and run this again`,
    );
  }
  if (outcome.holder === undefined) return;
  throw new Error(
    `the namespace ${name} is still being deleted after ${HELD_SECONDS} s: ${outcome.holder}. Remove what blocks it, and run this again`,
  );
}

/** A namespace, and the owner that it must have. */
export interface Claim {
  readonly namespace: string;
  /** The stack that it must belong to; absent for any that the test created. */
  readonly owner?: string | undefined;
}

/**
 * Returns why a namespace must not be changed, and what to do; undefined if it is the test's and the stack's
 * own.
 */
export function claimProblem(found: V1Namespace, { namespace, owner }: Claim): string | undefined {
  const actual = ownerLabel(found) ?? "unknown";
  if (!isOurs(found)) {
    const label = `app.kubernetes.io/name=${labels["app.kubernetes.io/name"]}`;
    return `the namespace ${namespace} is not this test's: it has no label ${label}. Nothing in it was changed. Delete it if it is not needed, or set fuse-test:namespace`;
  }
  if (owner === undefined || actual === owner) return undefined;
  return `the namespace ${namespace} is another test's: ${describeOtherOwner(actual, owner)}`;
}

/** Checks a namespace. @throws Error if it is not the test's, or another stack's. */
function requireOurs(found: V1Namespace, claim: Claim): void {
  const problem = claimProblem(found, claim);
  if (problem !== undefined) throw new Error(problem);
}

/**
 * Creates the test's namespace for the janitor if it does not exist.
 * @returns true if it had to be created.
 * @throws Error if it is not the test's, if it is being deleted and its deletion is blocked, or if it is
 * missing although an administrator keeps it.
 */
export async function ensureNamespace(cluster: Cluster, claim: Claim): Promise<boolean> {
  const name = claim.namespace;
  const present = await cluster.namespace(name);
  if (present !== undefined) requireOurs(present, claim);
  if (present !== undefined && !isBeingDeleted(present)) return false;
  if (claim.owner === KEPT_OWNER) {
    throw new Error(
      `the namespace ${name} is ${present === undefined ? "missing" : "being deleted"}, and this stack does not create it (fuse-test:keepNamespace). Apply gitops/deployer again, and run this again`,
    );
  }
  if (present !== undefined) await awaitGone(cluster, present);
  await cluster.createNamespace(namespaceManifest(name, claim.owner ?? "unknown"));
  // Another client may have created it first.
  const made = await cluster.namespace(name);
  if (made !== undefined) requireOurs(made, claim);
  return true;
}

/**
 * Deletes the test's namespace, unless it is kept, and waits until it is gone.
 * @throws Error like ensureNamespace.
 */
export async function removeNamespace(cluster: Cluster, claim: Claim): Promise<void> {
  const present = await cluster.namespace(claim.namespace);
  if (present === undefined) return;
  requireOurs(present, claim);
  if (ownerLabel(present) === KEPT_OWNER) return;
  if (!isBeingDeleted(present)) await cluster.deleteNamespace(claim.namespace, present.metadata?.uid);
  await awaitGone(cluster, present);
}
