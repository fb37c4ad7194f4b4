import assert from "node:assert/strict";
import { nginx, ordinary, producer } from "../../policy/cases/fixtures";
import { type Api, openApi } from "../../support/api";
import { testCluster } from "../../support/cluster";
import { applyGuard, removeGuard } from "../../support/guard";

function many<T>(count: number, one: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => one(at));
}

const containers = (count: number, more: (at: number) => object) =>
  many(count, (at) => ({ ...nginx, name: `c${at}`, ...more(at) }));
const directories = (count: number) =>
  many(count, (at) => ({ name: `v${at}`, hostPath: { path: `/srv/media/${at}` } }));
const mounts = (count: number, more: object = {}) =>
  many(count, (at) => ({ name: `v${at}`, mountPath: `/media/${at}`, ...more }));

/**
 * Pods that are as big as they are made in practice, in every direction in which the guard's work grows. The API
 * server gives an expression 1,000,000 units and a policy 10,000,000, and refuses a request that needs more.
 * Source: `PerCallLimit` and `RuntimeCELCostBudget` in staging/src/k8s.io/apiserver/pkg/apis/cel/config.go of Kubernetes.
 */
const big: Readonly<Record<string, unknown>> = {
  "300 containers": ordinary({ containers: containers(300, () => ({})) }),
  "100 privileged containers": ordinary({
    containers: containers(100, () => ({ securityContext: { privileged: true } })),
  }),
  "40 containers with 20 parts of 20 directories of the node": ordinary({
    containers: containers(40, () => ({ volumeMounts: mounts(20, { subPath: "a/b" }) })),
    volumes: directories(20),
  }),
  "200 directories of the node in one container": ordinary({
    containers: containers(1, () => ({ volumeMounts: mounts(200, { subPath: "a" }) })),
    volumes: directories(200),
  }),
  "100 variables in each of 50 containers": ordinary({
    containers: containers(50, () => ({
      env: many(100, (at) => ({ name: `V${at}`, value: "x".repeat(100) })),
    })),
  }),
  "a script of 1,000,000 characters": ordinary({
    containers: containers(1, () => ({ command: ["sh", "-c", "x".repeat(1_000_000)] })),
  }),
  "annotations of 200,000 characters": {
    ...ordinary(),
    metadata: { name: "web", namespace: "default", annotations: { "example.com/x": "x".repeat(200_000) } },
  },
  "1,000 labels": {
    ...ordinary(),
    metadata: {
      name: "web",
      namespace: "default",
      labels: Object.fromEntries(many(1000, (at) => [`example.com/l${at}`, "x"])),
    },
  },
  "30 shared directories of a storage driver with a long script": ordinary({
    containers: containers(3, () => ({
      securityContext: { privileged: true },
      command: ["sh", "-c", "x ".repeat(5000)],
      volumeMounts: mounts(10, { mountPropagation: "Bidirectional" }),
    })),
    volumes: many(10, (at) => ({ name: `v${at}`, hostPath: { path: `/var/lib/longhorn/${at}` } })),
  }),
};

describe("The cost of the guard", function () {
  this.timeout(300_000);
  let api: Api;

  before(async () => {
    api = openApi((await testCluster()).kubeconfig);
    await applyGuard(api);
  });

  after(async () => {
    await removeGuard(api);
  });

  for (const [what, pod] of Object.entries(big)) {
    it(`is within the API server's limits for ${what}`, async () => {
      const { allowed, message } = await api.dryRun(pod);
      assert.equal(allowed, true, message.slice(0, 500));
    });
  }

  it("is within the API server's limits for the test's own pods", async () => {
    const { allowed, message } = await api.dryRun(producer);
    assert.equal(allowed, true, message);
  });

  it("refuses objects beyond them with a message, and never accepts one unseen", async () => {
    const huge = ordinary({
      containers: containers(100, () => ({ volumeMounts: mounts(100, { subPath: "a" }) })),
      volumes: directories(100),
    });
    const { allowed, message } = await api.dryRun(huge);
    assert.equal(allowed, false);
    assert.match(message, /cost budget|cost limit/);
  });

  it("is within the limits for the finalizers and owners of what goes", async () => {
    const finalizers = many(100, (at) => `example.com/f${at}`);
    const map = ordinary({ schedulerName: "nobody" });
    const metadata = { ...map.metadata, name: "big", finalizers };
    const created = await api.kubectl(["create", "-f", "-"], { ...map, metadata });
    assert.equal(created.allowed, true, created.message);
    const patch = JSON.stringify({ metadata: { finalizers: [] } });
    const freed = await api.kubectl(["patch", "pod", "big", "--type=merge", "-p", patch]);
    assert.equal(freed.allowed, true, freed.message);
    const { allowed, message } = await api.kubectl(["delete", "pod", "big", "--grace-period=0", "--force"]);
    assert.equal(allowed, true, message);
  });
});
