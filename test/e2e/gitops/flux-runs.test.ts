import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchV1Api } from "@kubernetes/client-node";
import type { ClusterDescriptor } from "../../../tools/cluster/descriptor";
import { FLUX_NAME } from "../../../gitops/flux";
import { guardManifests } from "../../../policy/admission/guard";
import { WHY_ANNOTATION } from "../../../manifests/job";
import { parseJobVerdict } from "../../../protocol/job-verdict";
import { openApi } from "../../support/api";
import { type Health, judgeHealth } from "../../support/argocd-health";
import { clusterApi, kubeconfigIn } from "../../support/clients";
import { testCluster } from "../../support/cluster";
import { KUSTOMIZATION_FILE, repositoryFiles } from "../../support/flux/commits";
import { commitAndWait, commitSuccess, readyFor } from "../../support/flux/enabled";
import { type Flux, readyOf, ROOT, startFlux } from "../../support/flux/flux";
import { removeTest, runsOfPods } from "../../support/flux/removal";
import { untilGuarded } from "../../support/guard";
import { onNode } from "../../support/nodes";
import { type Choice, edited, type Files, JOB_FILE, PRODUCER_FILE, runOf } from "../../support/rendered";

const namespace = "fuse-test";
const project = join(__dirname, "..", "..", "..");
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

  function readJob() {
    const api = kubeconfigIn(cluster.kubeconfig).makeApiClient(BatchV1Api);
    return api.readNamespacedJob({ namespace, name: "fuse-consumer" });
  }

  /** Returns what is the same as long as nothing runs again. */
  async function job(): Promise<{ uid: string; run: string }> {
    const { metadata } = await readJob();
    return { uid: metadata?.uid ?? "", run: metadata?.labels?.["fuse-test/run"] ?? "" };
  }

  /** Returns the message with which Kubernetes ended the Job. */
  async function jobFailure(): Promise<[string, string]> {
    const { status } = await readJob();
    const failed = status?.conditions?.find(({ type }) => type === "Failed");
    return [failed?.reason ?? "", failed?.message ?? ""];
  }

  /** Returns what Argo CD would show of Flux's Kustomization, by its rule for that kind. */
  async function shownByArgocd(): Promise<Pick<Health, "status" | "message">> {
    const state = await flux.kustomization(FLUX_NAME);
    assert.ok(state);
    const [found] = await judgeHealth([state]);
    return { status: found?.status ?? "", message: found?.message ?? "" };
  }

  /** Runs the command that the Job's annotation names, and returns what it prints. */
  async function askWhy(): Promise<string> {
    const { metadata } = await readJob();
    const [npm = "", run, script, ...args] = (metadata?.annotations?.[WHY_ANNOTATION] ?? "").split(" ");
    assert.deepEqual([npm, run, script], ["npm", "run", "verdict"]);
    const reports = mkdtempSync(join(tmpdir(), "fuse-test-why-"));
    try {
      const { stdout, stderr } = spawnSync(npm, ["run", "verdict", ...args, "--reports", reports], {
        cwd: project,
        encoding: "utf8",
        env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
        timeout: 120_000,
      });
      return stderr + stdout;
    } finally {
      rmSync(reports, { recursive: true });
    }
  }

  /** Returns the verdict that the consumer has left of the run that files deploy. */
  async function verdictOf(files: Files): Promise<[string, string] | undefined> {
    const run = runOf(files);
    const labelSelector = `fuse-test/role=consumer,fuse-test/run=${run}`;
    const { items } = await clusterApi().listNamespacedPod({ namespace, labelSelector });
    const left = items[0]?.status?.containerStatuses?.[0]?.state?.terminated?.message ?? "";
    const concluded = parseJobVerdict(left, run);
    return concluded && [concluded.verdict, concluded.cause];
  }

  /** Waits until the root has applied a revision. */
  const untilApplied = (revision: string) =>
    flux.waitFor(ROOT, 60, (state) => readyOf(state, revision)?.status === "True");

  /** Returns a repository that has the test with a run. */
  const filesOf = (run: string, choice: Choice = {}): Files => repositoryFiles(cluster, run, choice);

  /** Commits files, and asserts that the Kustomization is ready, and why: this run is a SUCCESS, and no other's pods are there. */
  async function assertSuccess(files: Files, message: string): Promise<void> {
    await commitSuccess(flux, files, message);
    assert.deepEqual([await runsOfPods(), await verdictOf(files)], [[runOf(files)], ["SUCCESS", ""]]);
  }

  it("runs nothing until one line enables it, and then is ready with SUCCESS", async () => {
    const disabled = filesOf("f1", { enabled: false });
    await untilApplied(await flux.commit(disabled, "Add the FUSE test"));
    const waiting = await flux.kustomization(FLUX_NAME);
    assert.deepEqual([waiting?.spec.suspend, waiting?.status?.lastAttemptedRevision], [true, undefined]);
    assert.deepEqual(await runsOfPods(), []);
    assert.equal((await shownByArgocd()).status, "Suspended");
    await assertSuccess(
      edited(disabled, KUSTOMIZATION_FILE, / *suspend: true\n/, ""),
      "Enable the FUSE test",
    );
    assert.deepEqual(await shownByArgocd(), { status: "Healthy", message: "ReconciliationSucceeded" });
  });

  it("runs again, with new pods and a new Job, when the run or the driver changes, and not otherwise", async () => {
    await assertSuccess(filesOf("f2"), "Enable the FUSE test");
    const first = await job();
    await assertSuccess({ ...filesOf("f2"), "README.md": "homelab\n" }, "Something else");
    assert.deepEqual(await job(), first);
    await assertSuccess(filesOf("f3"), "Run the FUSE test again");
    const second = await job();
    await assertSuccess(filesOf("f3", { driver: "bindfs" }), "Another driver");
    const uids = [first, second, await job()].map(({ uid }) => uid);
    assert.equal(new Set(uids).size, 3);
  });

  it("does not run while it is suspended, and runs the newest commit when it is resumed", async () => {
    const [before, skipped, newest] = [filesOf("f4"), filesOf("f5"), filesOf("f6")];
    await assertSuccess(before, "Enable the FUSE test");
    await flux.suspend(FLUX_NAME, true);
    await flux.commit(skipped, "Run the FUSE test again");
    const revision = await flux.commit(newest, "And again");
    await untilApplied(revision);
    assert.deepEqual(
      [(await flux.kustomization(FLUX_NAME))?.spec.suspend, await runsOfPods()],
      [true, [runOf(before)]],
    );
    await flux.suspend(FLUX_NAME, false);
    assert.equal((await readyFor(flux, revision)).status, "True");
    assert.deepEqual([await runsOfPods(), await verdictOf(newest)], [[runOf(newest)], ["SUCCESS", ""]]);
  });

  it("is not ready when a commit is broken, leaves the last run as it is, and is ready again with the next", async () => {
    await assertSuccess(filesOf("f7"), "Enable the FUSE test");
    const before = await job();
    const broken = edited(filesOf("f8"), JOB_FILE, "kind: Job", "kind: Job: oh");
    const { status, reason, message } = await commitAndWait(flux, broken, "A commit with a mistake");
    assert.deepEqual([status, reason], ["False", "BuildFailed"], message);
    assert.match(message, /job-fuse-consumer\.yaml/);
    assert.deepEqual(await job(), before);
    await assertSuccess(filesOf("f9"), "Fix it");
  });

  it("is not ready when the consumer does not see the mount, and says that the Job failed", async () => {
    const propagation = ["mountPropagation: HostToContainer", "mountPropagation: None"] as const;
    const unseen = edited(filesOf("f10"), JOB_FILE, ...propagation);
    const { status, reason, message } = await commitAndWait(flux, unseen, "A consumer without propagation");
    assert.deepEqual([status, reason], ["False", "HealthCheckFailed"], message);
    assert.match(message, /Job\/fuse-test\/fuse-consumer status: 'Failed'/);
    assert.deepEqual(await verdictOf(unseen), ["FAILURE", "not-propagated"]);
    assert.match((await jobFailure()).join(" "), /^PodFailurePolicy .* exit code 1 matching FailJob rule/);
    assert.deepEqual(await shownByArgocd(), { status: "Degraded", message: "HealthCheckFailed" });
    await assertSuccess(filesOf("f11"), "A consumer with propagation");
  });

  it("is not ready where the node's root is private, and the Job says so before the controller gives up", async () => {
    await onNode("w2", ["mount", "--make-rprivate", "/"]);
    try {
      const files = filesOf("f12", { timeoutSeconds: "5" });
      const { status, reason, message } = await commitAndWait(flux, files, "A node with a private root");
      assert.deepEqual([status, reason], ["False", "HealthCheckFailed"], message);
      assert.match(message, /Job\/fuse-test\/fuse-consumer status: 'Failed'/);
      assert.deepEqual(await jobFailure(), [
        "DeadlineExceeded",
        "Job was active longer than specified deadline",
      ]);
      const why = await askWhy();
      assert.match(
        why,
        /the Job has left no verdict on run f12-\w+, and this one is ERROR root-not-shared\n/,
      );
      assert.match(why, /verdict: ERROR \(root-not-shared\)\n$/);
      await removeTest(flux);
    } finally {
      await onNode("w2", ["mount", "--make-rshared", "/"]);
    }
  });

  it("is not ready when the guard refuses a producer on another node, with the guard's words", async () => {
    const api = openApi(cluster.kubeconfig);
    const guard = guardManifests().flatMap(({ policy, binding }) => [policy, binding]);
    const list = { apiVersion: "v1", kind: "List", items: guard };
    await assertSuccess(filesOf("f13"), "Enable the FUSE test");
    try {
      const applied = await api.kubectl(["apply", "--server-side", "--filename", "-"], list);
      assert.equal(applied.allowed, true, applied.message);
      await untilGuarded(api);
      const moved = edited(filesOf("f14"), PRODUCER_FILE, "nodeName: w2", "nodeName: w1");
      const { status, message } = await commitAndWait(flux, moved, "Move the producer");
      assert.equal(status, "False");
      assert.match(
        message,
        /Pod\/fuse-test\/fuse-producer .*ValidatingAdmissionPolicy 'fuse-test-pods'.*denied/,
      );
      // Flux deletes what it is forced to replace before it creates anew: the old producer may be gone, and none is elsewhere.
      const labelSelector = "fuse-test/role=producer";
      const { items } = await clusterApi().listNamespacedPod({ namespace, labelSelector });
      assert.deepEqual(
        items.filter(({ spec }) => spec?.nodeName !== "w2").map(({ metadata }) => metadata?.name),
        [],
      );
      await assertSuccess(filesOf("f15"), "Move it back, with the guard in force");
      await removeTest(flux);
    } finally {
      await api.kubectl(["delete", "--ignore-not-found", "--filename", "-"], list);
    }
  });
});
