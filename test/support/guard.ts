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
