import type { CoreV1Api } from "@kubernetes/client-node";

/** Waits until something holds. @throws Error if it does not in time. */
export async function until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until the controllers have given a namespace its service account: no pod is admitted before. */
export function untilAccount(core: CoreV1Api, namespace: string, seconds: number): Promise<void> {
  return until(`${namespace} has a service account, so the controllers work`, seconds, async () => {
    const { items } = await core.listNamespacedServiceAccount({ namespace });
    return items.length > 0;
  });
}

async function isThere(core: CoreV1Api, namespace: string): Promise<boolean> {
  const { items } = await core.listNamespace({ fieldSelector: `metadata.name=${namespace}` });
  return items.length > 0;
}

/**
 * Waits until the cluster's controllers serve again: after an outage of the API server they wait longer and longer
 * before they connect, each for itself. A namespace that gets its service account is the proof. It has the test's own
 * name where that is free: who has seen the namespaces again, and not the accounts, still believes in that of an old one.
 */
export async function untilControllersWork(core: CoreV1Api): Promise<void> {
  const namespace = (await isThere(core, "fuse-test")) ? `after-outage-${Date.now()}` : "fuse-test";
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  try {
    await untilAccount(core, namespace, 90);
  } finally {
    await core.deleteNamespace({ name: namespace });
    await until(`${namespace} is gone`, 60, async () => !(await isThere(core, namespace)));
  }
}
