import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ClusterDescriptor } from "../../../tools/cluster/descriptor";
import { readSettings } from "../../../config/settings";
import { testFiles } from "../../../gitops/test-files";
import { writeRendered } from "../../../gitops/write";
import { runDirectory } from "../../../manifests/common";
import { withRunOfContent } from "../../../manifests/gitops";
import { parseJobVerdict } from "../../../protocol/job-verdict";
import { kubernetesBin } from "../../../tools/setup/paths";
import { testCluster } from "../../support/cluster";
import { assertNothingLeft } from "../../support/leftovers";

const run = promisify(execFile);
const project = join(__dirname, "..", "..", "..");

describe("the test as GitOps deploys it", function () {
  this.timeout(240_000);
  let cluster: ClusterDescriptor;
  let folder: string;

  before(async () => {
    cluster = await testCluster();
    folder = mkdtempSync(join(tmpdir(), "fuse-test-gitops-"));
  });

  afterEach(async () => {
    await kubectl("delete", "--ignore-not-found", "--kustomize", join(folder, "test"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function kubectl(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(join(kubernetesBin(), "kubectl"), [
      "--kubeconfig",
      cluster.kubeconfig,
      ...args,
    ]);
    return stdout;
  }

  /** Renders the test and applies it; `edit` changes the Job's text before. @returns the id of the run. */
  async function apply(id: string, edit: (job: string) => string = (job) => job): Promise<string> {
    const settings = readSettings({ cluster: "embedded", run: id, timeoutSeconds: "40" });
    const pods = {
      ...settings,
      hostPath: runDirectory(settings),
      image: cluster.image,
      imagePullPolicy: "Never" as const,
    };
    const files = testFiles(
      { pods, settings },
      {
        flavour: "plain",
        command: "npm run render",
        stack: "",
        repository: "",
        source: "",
        branch: "",
        path: "",
        enabled: true,
      },
    );
    writeRendered(folder, files);
    const job = join(folder, "test", "job-fuse-consumer.yaml");
    writeFileSync(job, edit(readFileSync(job, "utf8")));
    await kubectl("apply", "--server-side", "--kustomize", join(folder, "test"));
    return withRunOfContent(pods).run;
  }

  /** Waits for the end of the Job, and returns how it ended with what its pod has left. */
  async function conclusion(id: string): Promise<{ condition: string; message: string; left: string }> {
    const inNamespace = ["--namespace", "fuse-test"];
    let condition: { type: string; message?: string } | undefined;
    for (const deadline = Date.now() + 120_000; condition === undefined && Date.now() < deadline;) {
      const job = JSON.parse(
        await kubectl(...inNamespace, "get", "job", "fuse-consumer", "--output=json"),
      ) as {
        status: { conditions?: { type: string; message?: string }[] };
      };
      condition = job.status.conditions?.find(({ type }) => ["Complete", "Failed"].includes(type));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const left = await kubectl(
      ...inNamespace,
      ...["get", "pods", `--selector=fuse-test/role=consumer,fuse-test/run=${id}`],
      "--output=jsonpath={.items[0].status.containerStatuses[0].state.terminated.message}",
    );
    return { condition: condition?.type ?? "", message: condition?.message ?? "", left };
  }

  async function verdict(): Promise<string> {
    const args = [
      "tools/load.cjs",
      "commands/verdict.ts",
      "--kubeconfig",
      cluster.kubeconfig,
      "--reports",
      folder,
    ];
    const { stdout, stderr } = await run("node", args, { cwd: project }).catch(
      (error: unknown) => error as { stdout: string; stderr: string },
    );
    return stderr + stdout;
  }

  it("completes with SUCCESS, which the verdict command confirms, and leaves nothing when it is removed", async () => {
    const run = await apply("g1");
    const { condition, left, message } = await conclusion(run);
    const concluded = parseJobVerdict(left, run);
    assert.deepEqual(
      [condition, concluded?.verdict, concluded?.cause],
      ["Complete", "SUCCESS", ""],
      `${message} ${left}`,
    );
    const said = await verdict();
    assert.match(said, /the Job agrees: SUCCESS\n/);
    assert.match(said, /verdict: SUCCESS\n$/);
    await kubectl("delete", "--kustomize", join(folder, "test"));
    await assertNothingLeft(cluster.name, said);
  });

  it("fails with FAILURE, not-propagated, when the consumer's propagation is None", async () => {
    const run = await apply("g2", (job) =>
      job.replace("mountPropagation: HostToContainer", "mountPropagation: None"),
    );
    const { condition, left, message } = await conclusion(run);
    const concluded = parseJobVerdict(left, run);
    assert.deepEqual(
      [condition, concluded?.verdict, concluded?.cause],
      ["Failed", "FAILURE", "not-propagated"],
      left,
    );
    assert.match(message, /failed with exit code 1 matching FailJob rule at index 0/);
  });

  it("completes with SUCCESS in pods that are not this version's, and the verdict command disagrees", async () => {
    const run = await apply("g5", (job) =>
      job.replace(/^( *)- name: RUN$/m, "$1- name: OTHER\n$1  value: anything\n$&"),
    );
    const { condition, left } = await conclusion(run);
    assert.deepEqual([condition, parseJobVerdict(left, run)?.verdict], ["Complete", "SUCCESS"], left);
    const said = await verdict();
    assert.match(said, /the Job disagrees: its verdict is SUCCESS, and this verdict is ERROR foreign-pods\./);
    assert.match(said, /verdict: ERROR \(foreign-pods\)\n$/);
  });

  // What is deleted first sees all others go while it ends.
  const firsts = [
    "pod/fuse-cleaner",
    "pod/fuse-producer",
    "configmap/fuse-test-programs",
    "job/fuse-consumer",
  ];
  for (const first of firsts)
    it(`leaves nothing when it is removed in the middle of a run, ${first} first`, async () => {
      const inNamespace = ["--namespace", "fuse-test"];
      await apply("g3");
      await kubectl(...inNamespace, "wait", "pod/fuse-producer", "--for=condition=Ready", "--timeout=60s");
      await kubectl(...inNamespace, "delete", first);
      await kubectl("delete", "--ignore-not-found", "--kustomize", join(folder, "test"));
      await assertNothingLeft(cluster.name, "");
    });

  it("completes with the guard in force, which refuses the Job on another node", async () => {
    const guard = join(project, "gitops", "guard");
    await apply("g4");
    await kubectl("delete", "--kustomize", join(folder, "test"));
    await kubectl("apply", "--filename", join(folder, "test", "namespace-fuse-test.yaml"), "--server-side");
    await kubectl("apply", "--server-side", "--kustomize", guard);
    try {
      const elsewhere = join(folder, "elsewhere.yaml");
      const job = readFileSync(join(folder, "test", "job-fuse-consumer.yaml"), "utf8");
      writeFileSync(elsewhere, job.replace("nodeName: w2", "nodeName: w1"));
      let refusal = "";
      for (const deadline = Date.now() + 60_000; refusal === "" && Date.now() < deadline;) {
        refusal = await kubectl("create", "--dry-run=server", "--filename", elsewhere).then(
          () => "",
          (error: unknown) => String(error),
        );
      }
      assert.match(refusal, /ValidatingAdmissionPolicy 'fuse-test-jobs' .* denied request/);
      const run = await apply("g4");
      const { condition, left, message } = await conclusion(run);
      assert.deepEqual(
        [condition, parseJobVerdict(left, run)?.verdict],
        ["Complete", "SUCCESS"],
        `${message} ${left}`,
      );
      await kubectl("delete", "--kustomize", join(folder, "test"));
      await assertNothingLeft(cluster.name, left);
    } finally {
      await kubectl("delete", "--kustomize", guard);
    }
  });
});
