import assert from "node:assert/strict";
import type { CoreV1Api } from "@kubernetes/client-node";
import { inNode } from "../../tools/cluster/layout";
import { conclude } from "../../verdict/suites/merge-verdict";
import { evaluate } from "../../verdict/suites/evaluate";
import type { Examination } from "../../protocol/suite-result";
import { READER } from "../../config/suites";
import type { Verdict } from "../../protocol/verdict";
import { type Files, play, type Scene } from "../support/bench";
import { testCluster } from "../support/cluster";
import { examineScene } from "../support/examine";
import { onNode } from "../support/nodes";
import { until } from "../support/waiting";

/** The container of the reader, as its runtime names it, once it runs. */
async function readerContainer(core: CoreV1Api, namespace: string): Promise<string> {
  let id: string | undefined;
  await until("the reader runs", 30, async () => {
    const { items } = await core.listNamespacedPod({ namespace });
    const containers = items.flatMap(({ status }) => status?.containerStatuses ?? []);
    id = containers.find(({ name, state }) => name === READER && state?.running)?.containerID;
    return id !== undefined;
  });
  return (id ?? "").replace("containerd://", "");
}

/**
 * Process 1 of a container, as w2 numbers it.
 * @throws Error if the runtime has no such container
 */
async function processOf(container: string): Promise<string> {
  const ctr = ["ctr", "--address", inNode.containerdSocket, "--namespace", "k8s.io"];
  const tasks = await onNode("w2", [...ctr, "tasks", "list"]);
  const pid = tasks
    .split("\n")
    .map((line) => line.split(/\s+/))
    .find(([id]) => id === container)?.[1];
  assert.ok(pid, `the runtime of w2 has no task ${container}: ${tasks}`);
  return pid;
}

/** What the producer waits for before it kills its driver, beside its other signals. */
const SIGNAL = "cut-off";

/** The mount is lost when the reader is cut off, not before it and not while it happens. */
function waitForCutOff(files: Files): Files {
  const name = "examination-producer.sh";
  const program = files[name] ?? "";
  const changed = program.replace("step_kill() {\n", `$&  await "$SIGNALS/${SIGNAL}" 3000\n`);
  assert.notEqual(changed, program);
  return { ...files, [name]: changed };
}

const cutOffOnNode = `
until grep -q " /mnt/dfs/examination/recovery .* - fuse" "/proc/$1/mountinfo"; do sleep 0.02; done
nsenter --target "$1" --mount mount --make-private /mnt/dfs
: >"$2/examination/signals/${SIGNAL}"
`;

/**
 * Waits until the reader has a mount, and then cuts its bridge off from the node: what it has stays, and nothing comes
 * or goes any more, as where a runtime gives a pod a private copy.
 */
async function cutOff({ core, settings }: Scene): Promise<void> {
  const pid = await processOf(await readerContainer(core, settings.namespace));
  const { hostPath } = settings;
  await onNode("w2", ["timeout", "30", "sh", "-c", cutOffOnNode, "sh", pid, hostPath], 40_000);
}

describe("a consumer that is cut off after the first mount, on the real cluster", function () {
  this.timeout(120_000);
  let examination: Examination;
  let verdict: Verdict;

  before(async () => {
    const { verdict: quick } = await play(await testCluster(), {
      name: "partial",
      programs: waitForCutOff,
      afterVerdict: async (scene) => {
        // Both completely: what still runs would make pods where all is removed.
        const [examined, cut] = await Promise.allSettled([examineScene(scene, "standard"), cutOff(scene)]);
        if (cut.status === "rejected") throw cut.reason;
        if (examined.status === "rejected") throw examined.reason;
        examination = evaluate(examined.value);
      },
    });
    verdict = conclude(quick, examination, new Date());
  });

  it("is a partial success: it propagates, but needs a liveness probe", () => {
    assert.deepEqual([examination.outcome, examination.problem], ["needs-liveness-probe", ""]);
    assert.deepEqual([verdict.verdict, verdict.cause], ["SUCCESS", ""]);
    assert.match(verdict.nextSteps[0] ?? "", /^Give each consumer a liveness probe/);
    assert.match(examination.livenessProbe, /^livenessProbe:\n/);
  });

  it("keeps the dead mount and the error that the probe finds", () => {
    const [kill] = examination.scenarios;
    assert.deepEqual([kill?.name, kill?.sameConsumer, kill?.passed], ["kill", false, false]);
    assert.match(kill?.consumerGot ?? "", /ENOTCONN|ECONNABORTED/);
    assert.equal(verdict.checks.filter(({ name, passed }) => name === "recovery/kill" && !passed).length, 1);
  });
});
