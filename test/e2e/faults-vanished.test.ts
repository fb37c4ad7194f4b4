import assert from "node:assert/strict";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { isFuse, parseMountinfo } from "../../verdict/mountinfo";
import { play, type Scenario, type Scene } from "../support/bench";
import { testCluster } from "../support/cluster";
import { container } from "../support/edits";
import { onNode } from "../support/nodes";
import { until } from "../support/waiting";

/** Seconds after which a run of these tests is over: enough to mount. */
const SHORT_SECONDS = 20;

/** What is left when a producer has ended, untouched. */
interface End {
  readonly log: string;
  /** Why Kubernetes ended the pod; empty if it did not. */
  readonly reason: string;
  readonly mounts: readonly string[];
  /** What is left below the bridge. */
  readonly files: string;
}

async function endOf({ core, settings }: Scene): Promise<End> {
  const producer = { namespace: settings.namespace, name: "fuse-producer" };
  let reason = "";
  await until("the producer ends by itself", 90, async () => {
    const { status } = await core.readNamespacedPod(producer);
    reason = status?.reason ?? "";
    return status?.containerStatuses?.[0]?.state?.terminated !== undefined;
  });
  const mounts = parseMountinfo(await onNode("w2", ["cat", "/proc/1/mountinfo"]));
  return {
    log: await core.readNamespacedPodLog(producer),
    reason,
    mounts: mounts
      .filter((mount) => isFuse(mount) && mount.mountPoint.startsWith(settings.hostPath))
      .map(({ mountPoint }) => mountPoint),
    files: await onNode("w2", ["find", settings.hostPath, "-mindepth", "1"]),
  };
}

/** Plays a test that is not removed, until its producer has ended. */
async function playToTheEnd(
  cluster: ClusterDescriptor,
  scenario: Pick<Scenario, "name" | "pod">,
): Promise<End> {
  const ends: End[] = [];
  await play(cluster, {
    ...scenario,
    afterVerdict: async (scene) => {
      ends.push(await endOf(scene));
    },
  });
  const [end] = ends;
  assert.ok(end);
  return end;
}

describe("a run whose owner has vanished", function () {
  this.timeout(180_000);
  let lifetime: End;
  let deadline: End;

  before(async () => {
    const cluster = await testCluster();
    [lifetime, deadline] = await Promise.all([
      playToTheEnd(cluster, {
        name: "lifetime",
        pod: container("producer", ({ env }) => {
          const variable = env?.find(({ name }) => name === "LIFETIME_SECONDS");
          assert.ok(variable);
          variable.value = String(SHORT_SECONDS);
        }),
      }),
      playToTheEnd(cluster, {
        name: "deadline",
        pod: container("producer", (_, pod) => {
          Object.assign(pod.spec ?? {}, { activeDeadlineSeconds: SHORT_SECONDS });
        }),
      }),
    ]);
  });

  it("is unmounted by the producer when its time is up, with nothing left below the bridge", () => {
    assert.match(lifetime.log, /"event":"mounted"/);
    assert.match(lifetime.log, /"event":"stopped","mounted":false/);
    assert.deepEqual([lifetime.reason, lifetime.mounts, lifetime.files], ["", [], ""]);
  });

  it("is ended by Kubernetes at the pods' deadline if the producer did not end, and unmounted then", () => {
    assert.match(deadline.log, /"event":"mounted"/);
    assert.match(deadline.log, /"event":"stopped","mounted":false/);
    assert.deepEqual([deadline.reason, deadline.mounts, deadline.files], ["DeadlineExceeded", [], ""]);
  });
});
