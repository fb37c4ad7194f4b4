import assert from "node:assert/strict";
import type { ClusterDescriptor } from "../../../tools/cluster/descriptor";
import { FLUX_NAME } from "../../../gitops/flux";
import { clusterApi } from "../../support/clients";
import { testCluster } from "../../support/cluster";
import { signalOnNode } from "../../support/faults";
import { clusterFiles, FLUX_FILE, KUSTOMIZATION_FILE, repositoryFiles } from "../../support/flux/commits";
import { commitSuccess } from "../../support/flux/enabled";
import { type Flux, startFlux } from "../../support/flux/flux";
import {
  CLEAN_SECONDS,
  removeTest,
  untilClean,
  untilNamespaceAlone,
  untilRemoved,
} from "../../support/flux/removal";
import { leftovers } from "../../support/leftovers";
import { E2E_CLUSTER } from "../../support/names";
import { onNode } from "../../support/nodes";
import { edited, type Files, runOf } from "../../support/rendered";
import { until } from "../../support/waiting";

const namespace = "fuse-test";
const RCLONE = /^ *\d+ rclone mount /;
const PRODUCER = /^ *\d+ \/bin\/sh \/fuse-test\/producer\.sh/;
/** With it, the controller ends the health checks of a commit when the next one comes, and need not wait for them. */
const GATE = "CancelHealthCheckOnNewRevision";
const log = (line: string): void => void process.stdout.write(`      ${line}\n`);

describe("a commit that removes the test", function () {
  // The first run on a machine builds the controller.
  this.timeout(1_800_000);
  let cluster: ClusterDescriptor;
  let flux: Flux;

  before(async () => {
    cluster = await testCluster();
    flux = await startFlux(cluster, log, GATE);
  });

  after(() => flux.remove());

  /** Enables the test and waits until it is a SUCCESS. */
  async function enable(run: string): Promise<Files> {
    const files = repositoryFiles(cluster, run);
    await commitSuccess(flux, files, "Enable the FUSE test");
    return files;
  }

  /** Enables the test and waits until its producer has mounted, in the middle of its run. */
  async function enableUntilMounted(run: string, change = (files: Files) => files): Promise<Files> {
    const files = change(repositoryFiles(cluster, run));
    await flux.commit(files, "Enable the FUSE test");
    await until(`the producer of ${run} is ready`, 60, async () => {
      const { items } = await clusterApi().listNamespacedPod({
        namespace,
        labelSelector: `fuse-test/role=producer,fuse-test/run=${runOf(files)}`,
      });
      return items.some(({ status }) =>
        status?.conditions?.some((one) => one.type === "Ready" && one.status === "True"),
      );
    });
    return files;
  }

  it("leaves nothing, and the test can be enabled again", async () => {
    for (const run of ["d1", "d2"]) {
      await enable(run);
      assert.notDeepEqual((await leftovers(E2E_CLUSTER)).mounts, [], "a test that runs is seen");
      await removeTest(flux);
    }
  });

  it("leaves nothing when it comes in the middle of a run", async () => {
    await enableUntilMounted("d3");
    await removeTest(flux);
  });

  it("cleans the node in the middle of a run also if the controller continues its health checks", async () => {
    await flux.controller.kill();
    flux.controller.start();
    try {
      // The controller's own patience is 160 s here, for which this test need not wait.
      await enableUntilMounted("d4", (files) =>
        edited(files, KUSTOMIZATION_FILE, /timeout: \d+s/, "timeout: 30s"),
      );
      const revision = await flux.commit(clusterFiles([]), "Remove the FUSE test");
      await untilClean(flux);
      await untilRemoved(flux, revision);
    } finally {
      await flux.controller.kill();
      flux.controller.start(GATE);
    }
  });

  const moments = [
    { when: "after a run", enable: (run: string) => enable(run) },
    { when: "in the middle of a run", enable: (run: string) => enableUntilMounted(run) },
  ] as const;
  for (const [index, { when, enable: begin }] of moments.entries())
    it(`leaves nothing but the namespace when the Kustomization alone is removed ${when}`, async () => {
      const files = await begin(`n${index}`);
      await flux.commit(
        edited(files, FLUX_FILE, / *- kustomization-fuse-test\.yaml\n/, ""),
        "Remove the Kustomization",
      );
      await flux.waitFor(FLUX_NAME, CLEAN_SECONDS, (state) => state === undefined);
      await untilNamespaceAlone(flux);
      await removeTest(flux);
    });

  const daemons: readonly { what: string; disturb: (run: string) => Promise<unknown> }[] = [
    { what: "is dead", disturb: () => signalOnNode("KILL", RCLONE) },
    { what: "hangs", disturb: () => signalOnNode("STOP", RCLONE) },
    { what: "is alive and its producer is killed", disturb: () => signalOnNode("KILL", PRODUCER) },
    { what: "is alive and its producer hangs", disturb: () => signalOnNode("STOP", PRODUCER) },
    {
      what: "is busy with a process that works in the mount",
      disturb: (run) =>
        onNode("w2", [
          ...["sh", "-c"],
          `setsid sh -c 'cd /tmp/fuse-test-bridge/${run}/mount && exec sleep 25' >/dev/null 2>&1 </dev/null &`,
        ]),
    },
    {
      what: "hangs in the middle of a read",
      disturb: async (run) => {
        await signalOnNode("STOP", RCLONE);
        await onNode("w2", [
          ...["sh", "-c"],
          `setsid cat /tmp/fuse-test-bridge/${run}/mount/data >/dev/null 2>&1 </dev/null &`,
        ]);
      },
    },
  ];
  for (const [index, { what, disturb }] of daemons.entries())
    it(`leaves nothing when the daemon ${what}`, async () => {
      await disturb(runOf(await enable(`e${index}`)));
      await removeTest(flux);
    });

  it("leaves nothing when the controller is killed as soon as it has begun to prune", async () => {
    await enable("k1");
    const revision = await flux.commit(clusterFiles([]), "Remove the FUSE test");
    await until("the controller has begun to prune", 60, async () => {
      const [one] = (await clusterApi().listNamespacedPod({ namespace })).items;
      return one === undefined || one.metadata?.deletionTimestamp !== undefined;
    });
    await flux.controller.kill();
    flux.controller.start(GATE);
    await untilRemoved(flux, revision);
  });

  it("leaves nothing when the controller is away while the commit comes, in the middle of a run", async () => {
    await enableUntilMounted("k2");
    await flux.controller.kill();
    const revision = await flux.commit(clusterFiles([]), "Remove the FUSE test");
    flux.controller.start(GATE);
    await untilRemoved(flux, revision);
  });
});
