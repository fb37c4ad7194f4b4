import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startDaemon, stopDaemon } from "../../tools/cluster";
import { clusterApi } from "../support/clients";
import {
  assertCleaned,
  deploy,
  destroyCleanly,
  newRun,
  stackForFaults,
  UNASKED,
  verdictOf,
  words,
} from "../support/faults";
import { E2E_CLUSTER } from "../support/names";
import type { TestStack } from "../support/stack";
import { until, untilControllersWork } from "../support/waiting";

/** Time for which the API server is away, in milliseconds. */
const OUTAGE_MILLISECONDS = 20_000;

async function outage(): Promise<void> {
  await stopDaemon(E2E_CLUSTER, "kube-apiserver");
  await sleep(OUTAGE_MILLISECONDS);
  await startDaemon(E2E_CLUSTER, "kube-apiserver");
}

async function untilClusterWorks(): Promise<void> {
  const core = clusterApi();
  await until("the API server answers", 60, () =>
    core.listNamespace().then(
      () => true,
      () => false,
    ),
  );
  await untilControllersWork(core);
}

describe("an API server that is away for 20 s", function () {
  this.timeout(300_000);
  let stack: TestStack;

  before(async () => {
    stack = await stackForFaults();
  });

  afterEach(async () => {
    await startDaemon(E2E_CLUSTER, "kube-apiserver");
    await untilClusterWorks();
  });

  after(async () => {
    await stack.remove();
  });

  it("gives an ERROR that names it where the verdict is awaited, and leaves nothing after destroy", async () => {
    const run = newRun(stack);
    const up = stack.start("up", ...UNASKED);
    await up.printed(/Command fuse-test-verdict creating/);
    await outage();
    const ended = await up.ended;
    assert.equal(ended.code, 0, words(ended));
    const { verdict, cause, summary, run: shown } = await verdictOf(stack);
    assert.deepEqual([verdict, cause, shown.id], ["ERROR", "cluster-unreachable", run], summary);
    await untilClusterWorks();
    await destroyCleanly(stack, "API server away for 20 s during up");
  });

  it("is waited for by a destroy, which then leaves nothing", async () => {
    await deploy(stack);
    const started = Date.now();
    const destroy = stack.start("destroy", ...UNASKED);
    await destroy.printed(/cleanup: remove the pods/);
    await outage();
    await assertCleaned("API server away for 20 s during destroy", started, await destroy.ended);
  });
});
