import assert from "node:assert/strict";
import { BatchV1Api } from "@kubernetes/client-node";
import type { ClusterDescriptor } from "../../../cluster/descriptor";
import { FLUX_NAME } from "../../../gitops/flux";
import { guardManifests } from "../../../manifests/guard";
import { parseJobVerdict } from "../../../protocol/job-verdict";
import { openApi } from "../../support/api";
import { clusterApi, kubeconfigIn } from "../../support/clients";
import { testCluster } from "../../support/cluster";
import {
  edited,
  JOB_FILE,
  KUSTOMIZATION_FILE,
  PRODUCER_FILE,
  repositoryFiles,
} from "../../support/flux/commits";
import { commitAndHear, commitSuccess, saidOf } from "../../support/flux/enabled";
import { type Flux, readyOf, ROOT, startFlux } from "../../support/flux/flux";
import { removeTest, runsOfPods } from "../../support/flux/removal";
import { untilGuarded } from "../../support/guard";
import { onNode } from "../../support/nodes";

const namespace = "fuse-test";
const log = (line: string): void => void process.stdout.write(`      ${line}\n`);

describe("a commit that Flux applies", function () {
  // The first run on a machine builds the controller.
  this.timeout(1_800_000);
  let cluster: ClusterDescriptor;
  let flux: Flux;

  before(async () => {
    cluster = await testCluster();
    flux = await startFlux(cluster, log);
  });

  afterEach(() => removeTest(flux));

  after(() => flux.remove());

  /** Returns what is the same as long as nothing runs again. */
  async function job(): Promise<{ uid: string; run: string }> {
    const api = kubeconfigIn(cluster.kubeconfig).makeApiClient(BatchV1Api);
    const { metadata } = await api.readNamespacedJob({ namespace, name: "fuse-consumer" });
    return { uid: metadata?.uid ?? "", run: metadata?.labels?.["fuse-test/run"] ?? "" };
  }

  /** Returns the verdict that the consumer of a run has left. */
  async function verdictOf(run: string): Promise<[string, string] | undefined> {
    const labelSelector = `fuse-test/role=consumer,fuse-test/run=${run}`;
    const { items } = await clusterApi().listNamespacedPod({ namespace, labelSelector });
    const left = items[0]?.status?.containerStatuses?.[0]?.state?.terminated?.message ?? "";
    const concluded = parseJobVerdict(left, run);
    return concluded && [concluded.verdict, concluded.cause];
  }

  /** Waits until the root has applied a revision. */
  const untilApplied = (revision: string) =>
    flux.waitFor(ROOT, 60, (state) => readyOf(state, revision)?.status === "True");

  it("runs nothing until one line enables it, and then is ready with SUCCESS", async () => {
    const disabled = repositoryFiles(cluster, "f1", { enabled: false });
    await untilApplied(await flux.commit(disabled, "Add the FUSE test"));
    const waiting = await flux.kustomization(FLUX_NAME);
    assert.deepEqual([waiting?.spec.suspend, waiting?.status?.lastAttemptedRevision], [true, undefined]);
    assert.deepEqual(await runsOfPods(), []);

    await commitSuccess(
      flux,
      edited(disabled, KUSTOMIZATION_FILE, "suspend: true", "suspend: false"),
      "Enable the FUSE test",
    );
    assert.deepEqual(await verdictOf("f1"), ["SUCCESS", ""]);
  });

  it("runs again, with new pods and a new Job, when the run or the driver changes, and not otherwise", async () => {
    await commitSuccess(flux, repositoryFiles(cluster, "f2"), "Enable the FUSE test");
    const first = await job();
    await commitSuccess(
      flux,
      { ...repositoryFiles(cluster, "f2"), "README.md": "homelab\n" },
      "Something else",
    );
    assert.deepEqual(await job(), first);

    await commitSuccess(flux, repositoryFiles(cluster, "f3"), "Run the FUSE test again");
    const second = await job();
    assert.deepEqual([second.run, second.uid === first.uid], ["f3", false]);
    assert.deepEqual([await runsOfPods(), await verdictOf("f3")], [["f3"], ["SUCCESS", ""]]);

    await commitSuccess(flux, repositoryFiles(cluster, "f3", { driver: "bindfs" }), "Another driver");
    assert.notEqual((await job()).uid, second.uid);
    assert.deepEqual(await verdictOf("f3"), ["SUCCESS", ""]);
  });

  it("does not run while it is suspended, and runs the newest commit when it is resumed", async () => {
    await commitSuccess(flux, repositoryFiles(cluster, "f4"), "Enable the FUSE test");
    await flux.suspend(FLUX_NAME, true);
    const skipped = await flux.commit(repositoryFiles(cluster, "f5"), "Run the FUSE test again");
    const newest = await flux.commit(repositoryFiles(cluster, "f6"), "And again");
    // The root's own commit would resume it: a person suspends the root, too, or commits it.
    assert.notEqual(skipped, newest);
    await flux.waitFor(ROOT, 60, (state) => readyOf(state, newest) !== undefined);
    assert.deepEqual(await runsOfPods(), ["f4"]);
    await flux.suspend(FLUX_NAME, false);
    assert.equal((await saidOf(flux, newest)).status, "True");
    assert.deepEqual([await runsOfPods(), await verdictOf("f6")], [["f6"], ["SUCCESS", ""]]);
  });

  it("is not ready when a commit is broken, leaves the last run as it is, and is ready again with the next", async () => {
    const files = repositoryFiles(cluster, "f7");
    await commitSuccess(flux, files, "Enable the FUSE test");
    const before = await job();
    const broken = await commitAndHear(
      flux,
      edited(repositoryFiles(cluster, "f8"), JOB_FILE, "kind: Job", "kind: Job: oh"),
      "A commit that nobody looked at",
    );
    assert.deepEqual([broken.status, broken.reason], ["False", "BuildFailed"], broken.message);
    assert.match(broken.message, /job-fuse-consumer\.yaml/);
    assert.deepEqual(await job(), before);
    await commitSuccess(flux, repositoryFiles(cluster, "f9"), "Mend it");
    assert.deepEqual(await verdictOf("f9"), ["SUCCESS", ""]);
  });

  it("is not ready when the consumer does not see the mount, and says that the Job failed and with what", async () => {
    const unseen = edited(
      repositoryFiles(cluster, "f10"),
      JOB_FILE,
      "mountPropagation: HostToContainer",
      "mountPropagation: None",
    );
    const { status, reason, message } = await commitAndHear(flux, unseen, "A consumer without propagation");
    assert.deepEqual([status, reason], ["False", "HealthCheckFailed"], message);
    assert.match(message, /Job\/fuse-test\/fuse-consumer status: 'Failed'/);
    assert.deepEqual(await verdictOf("f10"), ["FAILURE", "not-propagated"]);
    await commitSuccess(flux, repositoryFiles(cluster, "f11"), "A consumer with propagation");
  });

  it("is not ready where the node's root is private, and the Job says so before the controller gives up", async () => {
    await onNode("w2", ["mount", "--make-rprivate", "/"]);
    try {
      const files = repositoryFiles(cluster, "f12", { timeoutSeconds: "15" });
      const { status, reason, message } = await commitAndHear(flux, files, "A node with a private root");
      assert.deepEqual([status, reason], ["False", "HealthCheckFailed"], message);
      assert.match(message, /Job\/fuse-test\/fuse-consumer status: 'Failed'/);
    } finally {
      await onNode("w2", ["mount", "--make-rshared", "/"]);
    }
  });

  it("is not ready when the guard refuses a producer on another node, with the guard's words", async () => {
    const api = openApi(cluster.kubeconfig);
    const guard = guardManifests().flatMap(({ policy, binding }) => [policy, binding]);
    const list = { apiVersion: "v1", kind: "List", items: guard };
    await commitSuccess(flux, repositoryFiles(cluster, "f13"), "Enable the FUSE test");
    try {
      const applied = await api.kubectl(["apply", "--server-side", "--filename", "-"], list);
      assert.equal(applied.allowed, true, applied.message);
      await untilGuarded(api);
      const moved = edited(repositoryFiles(cluster, "f14"), PRODUCER_FILE, "nodeName: w2", "nodeName: w1");
      const { status, message } = await commitAndHear(flux, moved, "Move the producer");
      assert.equal(status, "False");
      assert.match(message, /Pod\/fuse-test\/fuse-producer .*ValidatingAdmissionPolicy 'fuse-test-pods'.*denied/);
      assert.deepEqual(await runsOfPods(), ["f13"]);
      await commitSuccess(flux, repositoryFiles(cluster, "f15"), "Move it back, with the guard in force");
      assert.deepEqual(await verdictOf("f15"), ["SUCCESS", ""]);
      await removeTest(flux);
    } finally {
      await api.kubectl(["delete", "--ignore-not-found", "--filename", "-"], list);
    }
  });
});
