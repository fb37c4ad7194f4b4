import type { V1Namespace } from "@kubernetes/client-node";
import { labels } from "../manifests/common";
import { KEPT_OWNER, namespaceManifest, OWNER_LABEL } from "../manifests/namespace";
import type { Cluster } from "./cluster-api";
import { poll, within } from "../kube/wait";

/** How long to wait for a namespace that something holds, in seconds. An empty one takes 5. */
const HELD_SECONDS = 60;

/**
 * How long to wait for a namespace that nothing is known to hold, in seconds: after an outage of the API server its
 * controllers can take more than a minute to come back.
 */
const NAMESPACE_SECONDS = 150;

/** True for a namespace that the test made, or that was made for it. */
export function isOurs(namespace: V1Namespace): boolean {
  return namespace.metadata?.labels?.["app.kubernetes.io/name"] === labels["app.kubernetes.io/name"];
}

/** True for a namespace that is being deleted. */
export function isGoing({ metadata }: V1Namespace): boolean {
  return metadata?.deletionTimestamp !== undefined;
}

/** The stack that an object says it belongs to. */
export function ownerLabel({ metadata }: Pick<V1Namespace, "metadata">): string | undefined {
  return metadata?.labels?.[OWNER_LABEL];
}

/** Whose something is instead of this stack's, and what to do. */
export function anothers(owner: string, stack: string): string {
  return `it belongs to the stack ${owner}, and this one is ${stack}. Nothing in it was touched. Destroy that stack where it was made; if its state is lost, run: npm run clean`;
}

/** Says, before a namespace is deleted, who must let go of it; undefined where nobody holds it. */
export function warningOf({ metadata }: V1Namespace): string | undefined {
  const { name = "", finalizers = [] } = metadata ?? {};
  if (finalizers.length === 0) return undefined;
  return `the namespace ${name} cannot go while it has the finalizers ${finalizers.join(", ")}, which are not the test's. Whoever set them takes them away; where nobody does, run: kubectl patch namespace ${name} --type=merge --patch '{"metadata":{"finalizers":null}}', and destroy again`;
}

/** What keeps a namespace from going, in the API server's own words. */
export function holderOf({ metadata, spec, status }: V1Namespace): string {
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

/** Waits until this very namespace is gone. @throws Error that says what holds it. */
export async function awaitGone(cluster: Cluster, { metadata }: V1Namespace): Promise<void> {
  const { name = "", uid } = metadata ?? {};
  const held = within(HELD_SECONDS);
  const outcome = await poll(within(NAMESPACE_SECONDS), async () => {
    const found = await cluster.namespace(name);
    if (found === undefined || found.metadata?.uid !== uid) return { holder: undefined };
    const holder = holderOf(found);
    return holder !== "" && Date.now() >= held.until ? { holder } : undefined;
  });
  if (outcome === undefined) {
    throw new Error(
      `the namespace ${name} is still being deleted after ${NAMESPACE_SECONDS} s, and nothing is known to hold it. Check that the cluster's controller manager works, and run this again`,
    );
  }
  if (outcome.holder === undefined) return;
  throw new Error(
    `the namespace ${name} is still being deleted after ${HELD_SECONDS} s: ${outcome.holder}. Remove what holds it, and run this again`,
  );
}

/** Which namespace, and whose it must be. */
export interface Claim {
  readonly namespace: string;
  /** The stack that it must belong to; absent for any that the test made. */
  readonly owner?: string | undefined;
}

/** Why a namespace is not to be touched, and what to do; undefined where it is the test's and the stack's own. */
export function claimProblem(found: V1Namespace, { namespace, owner }: Claim): string | undefined {
  const actual = ownerLabel(found) ?? "nobody";
  if (!isOurs(found)) {
    const label = `app.kubernetes.io/name=${labels["app.kubernetes.io/name"]}`;
    return `the namespace ${namespace} is not this test's: it has no label ${label}. Nothing in it was touched. Remove it, if nobody needs it, or set fuse-test:namespace`;
  }
  if (owner === undefined || actual === owner) return undefined;
  return `the namespace ${namespace} is another test's: ${anothers(actual, owner)}`;
}

/** @throws Error if a namespace is not the test's, or another stack's. */
function requireOurs(found: V1Namespace, claim: Claim): void {
  const problem = claimProblem(found, claim);
  if (problem !== undefined) throw new Error(problem);
}

/**
 * Makes sure that the test's namespace is there for the janitor, also where somebody deleted it.
 * @returns whether it had to be made.
 * @throws Error if there is one that is not the test's, one that is being deleted and does not go, or none where an
 * administrator keeps it.
 */
export async function ensureNamespace(cluster: Cluster, claim: Claim): Promise<boolean> {
  const name = claim.namespace;
  const present = await cluster.namespace(name);
  if (present !== undefined) requireOurs(present, claim);
  if (present !== undefined && !isGoing(present)) return false;
  if (claim.owner === KEPT_OWNER) {
    throw new Error(
      `the namespace ${name} is ${present === undefined ? "not there" : "being deleted"}, and this stack does not make it (fuse-test:keepNamespace). Apply gitops/deployer again, and do this again`,
    );
  }
  if (present !== undefined) await awaitGone(cluster, present);
  await cluster.createNamespace(namespaceManifest(name, claim.owner ?? "nobody"));
  // Somebody else may have been quicker.
  const made = await cluster.namespace(name);
  if (made !== undefined) requireOurs(made, claim);
  return true;
}

/** Deletes the test's namespace, unless it is kept, and waits until it is gone. @throws Error as ensureNamespace. */
export async function removeNamespace(cluster: Cluster, claim: Claim): Promise<void> {
  const present = await cluster.namespace(claim.namespace);
  if (present === undefined) return;
  requireOurs(present, claim);
  if (ownerLabel(present) === KEPT_OWNER) return;
  if (!isGoing(present)) await cluster.deleteNamespace(claim.namespace, present.metadata?.uid);
  await awaitGone(cluster, present);
}
