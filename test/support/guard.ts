import assert from "node:assert/strict";
import { namespaceManifest } from "../../manifests/namespace";
import { guardManifests } from "../../policy/admission/guard";
import { producer } from "../policy/cases/fixtures";
import type { Api } from "./api";

/** Milliseconds for the API server to take the guard into force. */
const IN_FORCE_MILLISECONDS = 30_000;

/**
 * Waits until the guard is in force, inside the test's namespace and outside: a pod of the test elsewhere, and one on
 * another node, are refused by it. @throws Error if they are not in time.
 */
export async function untilGuarded(api: Api): Promise<void> {
  const elsewhere = { ...producer, metadata: { ...producer.metadata, namespace: "default" } };
  const onAnotherNode = { ...producer, spec: { ...producer.spec, nodeName: "w1" } };
  const deadline = Date.now() + IN_FORCE_MILLISECONDS;
  for (;;) {
    const answers = [await api.dryRun(elsewhere), await api.dryRun(onAnotherNode)];
    if (answers.every(({ message }) => message.includes("ValidatingAdmissionPolicy"))) return;
    if (Date.now() > deadline) throw new Error("the guard is not in force");
  }
}

const guard = {
  apiVersion: "v1",
  kind: "List",
  items: guardManifests().flatMap(({ policy, binding }) => [policy, binding]),
};

const namespace = namespaceManifest("fuse-test", "admission");

/** Creates the test's namespace and the guard, and waits until it is in force. @throws Error if it is refused or late. */
export async function applyGuard(api: Api): Promise<void> {
  for (const one of [namespace, guard]) {
    const { allowed, message } = await api.kubectl(["apply", "--server-side", "-f", "-"], one);
    assert.equal(allowed, true, message);
  }
  await untilGuarded(api);
}

/** Removes what `applyGuard` has created. */
export async function removeGuard(api: Api): Promise<void> {
  for (const one of [guard, namespace]) await api.kubectl(["delete", "--ignore-not-found", "-f", "-"], one);
}
