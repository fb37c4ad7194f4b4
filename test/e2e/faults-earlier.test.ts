import assert from "node:assert/strict";
import { startDaemon, stopDaemon } from "../../cluster";
import { readDescriptor } from "../../cluster/descriptor";
import { readSettings } from "../../config";
import { clearNode } from "../../lifecycle/clear";
import type { CleanRequest } from "../../lifecycle/request";
import { cleanRequest } from "../../lifecycle/request-of";
import { openApi } from "../support/api";
import { deploy, destroyCleanly, stackForFaults } from "../support/faults";
import { leftovers } from "../support/leftovers";
import { E2E_CLUSTER } from "../support/names";
import type { TestStack } from "../support/stack";

const MOUNTS = ["w2:/tmp/fuse-test-bridge/mount"];

/** What the next run's preflight would clean. */
function nextRun(): CleanRequest {
  const { kubeconfig, image } = readDescriptor(E2E_CLUSTER);
  const settings = readSettings({ cluster: "embedded", run: "next" });
  const pods = { ...settings, image, imagePullPolicy: "Never" } as const;
  return cleanRequest({ pods, access: { kubeconfig }, keepNamespace: false });
}

async function clear(): Promise<{ left: string | undefined; told: readonly string[] }> {
  const told: string[] = [];
  const left = await clearNode(nextRun(), (line) => told.push(line));
  return { left, told };
}

describe("what an earlier run left on the node", function () {
  this.timeout(240_000);
  let stack: TestStack;

  before(async () => {
    stack = await stackForFaults();
    await deploy(stack);
  });

  after(async () => {
    await stack.remove();
  });

  it("is named and not touched while its producer lives", async () => {
    const { left, told } = await clear();
    assert.match(
      left ?? "",
      /^an earlier run still runs a producer there, of whose pod the API knows nothing/,
    );
    assert.deepEqual(told, []);
    assert.deepEqual((await leftovers(E2E_CLUSTER)).mounts, MOUNTS);
  });

  it("is waited for where a kubelet that was away has yet to end it, and then is gone", async () => {
    const { kubeconfig } = readDescriptor(E2E_CLUSTER);
    await stopDaemon(E2E_CLUSTER, "kubelet-w2");
    try {
      const forced = ["delete", "pods", "--all", "--namespace", "fuse-test", "--force", "--grace-period=0"];
      const deleted = await openApi(kubeconfig).kubectl(forced);
      assert.ok(deleted.allowed, deleted.message);
      assert.deepEqual((await leftovers(E2E_CLUSTER)).mounts, MOUNTS);
    } finally {
      await startDaemon(E2E_CLUSTER, "kubelet-w2");
    }
    assert.equal((await clear()).left, undefined);
    const { mounts, directories, processes } = await leftovers(E2E_CLUSTER);
    assert.deepEqual([mounts, directories, processes], [[], [], []]);
    await destroyCleanly(stack, "pods that the API did not know any more");
  });
});
