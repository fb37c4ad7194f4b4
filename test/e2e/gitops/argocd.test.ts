import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import type { ClusterDescriptor } from "../../../tools/cluster/descriptor";
import { ARGOCD_NAMESPACE } from "../../../gitops/argocd";
import { parseJobVerdict } from "../../../protocol/job-verdict";
import { type Api, openApi } from "../../support/api";
import { type Health, judgeHealth } from "../../support/argocd-health";
import { clusterApi, kubeconfigIn } from "../../support/clients";
import { testCluster } from "../../support/cluster";
import { defineKinds } from "../../support/definitions";
import { assertNothingLeft } from "../../support/leftovers";
import { ARGOCD_DEFINITIONS, ARGOCD_HEALTH } from "../../support/module-tools/argocd";
import { ensureTools, fileOf } from "../../support/module-tools/tool";
import { edited, type Files, FOLDER, JOB_FILE, renderedFor, runOf } from "../../support/rendered";
import { until, untilAccount } from "../../support/waiting";

const namespace = "fuse-test";
const log = (line: string): void => void process.stdout.write(`      ${line}\n`);

function objectsIn(files: Files, folder: string): object[] {
  return Object.entries(files)
    .filter(([path]) => path.startsWith(`${FOLDER}/${folder}/`) && !path.endsWith("/kustomization.yaml"))
    .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as object));
}

function isArgocds(object: object): boolean {
  return String((object as { apiVersion?: string }).apiVersion).startsWith("argoproj.io/");
}

describe("the test as Argo CD deploys it", function () {
  // The first run on a machine builds the program.
  this.timeout(1_800_000);
  let cluster: ClusterDescriptor;
  let api: Api;

  before(async () => {
    await ensureTools([ARGOCD_HEALTH], log);
    cluster = await testCluster();
    api = openApi(cluster.kubeconfig);
  });

  const listOf = (items: readonly object[]) => ({ apiVersion: "v1", kind: "List", items });

  async function apply(objects: readonly object[]): Promise<void> {
    const { allowed, message } = await api.kubectl(["apply", "--server-side", "-f", "-"], listOf(objects));
    assert.equal(allowed, true, message);
  }

  /** Returns what Argo CD's own rules say of the test's objects as they are now. */
  async function health(): Promise<Health[]> {
    const { allowed, message } = await api.kubectl([
      ...["--namespace", namespace, "get", "configmaps,pods,jobs", "--output", "json"],
      // Without the Job's own pod, which is no object of the Application.
      ...["--selector", "app.kubernetes.io/name=fuse-test,!batch.kubernetes.io/job-name"],
    ]);
    assert.equal(allowed, true, message);
    const { items } = JSON.parse(message) as { items: readonly object[] };
    return judgeHealth(items);
  }

  /** Deploys files, and returns what Argo CD sees before the Job has ended, and after. */
  async function healthOf(files: Files): Promise<{ before: Health[]; after: Health[]; verdict: string }> {
    await apply(objectsIn(files, "argocd").filter((object) => !isArgocds(object)));
    await untilAccount(clusterApi(), namespace, 30);
    await apply(objectsIn(files, "test"));
    const before = await health();
    let after = before;
    await until("the Job has ended", 180, async () => {
      after = await health();
      return after.find(({ name }) => name === "Job/fuse-consumer")?.status !== "Progressing";
    });
    const labelSelector = `fuse-test/role=consumer,fuse-test/run=${runOf(files)}`;
    const { items } = await clusterApi().listNamespacedPod({ namespace, labelSelector });
    const left = items[0]?.status?.containerStatuses?.[0]?.state?.terminated?.message ?? "";
    return { before, after, verdict: parseJobVerdict(left, runOf(files))?.verdict ?? "" };
  }

  /** Returns the health of one of those that Argo CD sees. */
  const of = (all: readonly Health[], name: string): string | undefined =>
    all.find((one) => one.name === name)?.status;

  afterEach(async () => {
    const { message } = await api.kubectl(["delete", "--ignore-not-found", "namespace", namespace]);
    await until("nothing is left", 120, () =>
      assertNothingLeft(cluster.name, message).then(
        () => true,
        () => false,
      ),
    );
  });

  it("has an Application and a project that Argo CD's published definitions admit, field by field", async () => {
    const objects = objectsIn(renderedFor("argocd", cluster, "a1"), "argocd").filter(isArgocds);
    assert.equal(objects.length, 2);
    const undefine = await defineKinds(
      kubeconfigIn(cluster.kubeconfig),
      ARGOCD_DEFINITIONS.map((path) => fileOf(ARGOCD_HEALTH, path)),
    );
    await clusterApi().createNamespace({ body: { metadata: { name: ARGOCD_NAMESPACE } } });
    try {
      const strict = ["create", "--dry-run=server", "--validate=strict", "-f", "-"];
      for (const object of objects) {
        const { allowed, message } = await api.kubectl(strict, object);
        assert.equal(allowed, true, message);
        const { spec } = object as { spec: object };
        const wrong = await api.kubectl(strict, { ...object, spec: { ...spec, prunes: true } });
        assert.match(wrong.message, /unknown field "spec\.prunes"/);
      }
    } finally {
      await clusterApi().deleteNamespace({ name: ARGOCD_NAMESPACE });
      await undefine();
    }
  });

  it("is healthy with SUCCESS, although the producer still runs, and progressing before", async () => {
    const { before, after, verdict } = await healthOf(renderedFor("argocd", cluster, "a2"));
    assert.equal(verdict, "SUCCESS");
    assert.deepEqual(
      [of(before, "Job/fuse-consumer"), of(before, "Application")],
      ["Progressing", "Progressing"],
    );
    assert.deepEqual(
      ["Pod/fuse-producer", "Job/fuse-consumer", "Application"].map((name) => of(after, name)),
      ["Progressing", "Healthy", "Healthy"],
    );
  });

  it("is degraded with FAILURE, with the Job's own message", async () => {
    const propagation = ["mountPropagation: HostToContainer", "mountPropagation: None"] as const;
    const unseen = edited(renderedFor("argocd", cluster, "a3"), JOB_FILE, ...propagation);
    const { after, verdict } = await healthOf(unseen);
    assert.equal(verdict, "FAILURE");
    assert.deepEqual([of(after, "Job/fuse-consumer"), of(after, "Application")], ["Degraded", "Degraded"]);
    assert.match(
      after.find(({ name }) => name === "Job/fuse-consumer")?.message ?? "",
      /exit code 1 matching FailJob rule/,
    );
  });

  it("is degraded when a pod never starts", async () => {
    const files = edited(
      renderedFor("argocd", cluster, "a4"),
      JOB_FILE,
      cluster.image,
      "absent.invalid/none:1",
    );
    const deadline = [/activeDeadlineSeconds: 100\n/, "activeDeadlineSeconds: 15\n"] as const;
    const { after } = await healthOf(edited(files, JOB_FILE, ...deadline));
    assert.equal(of(after, "Application"), "Degraded");
    assert.match(
      after.find(({ name }) => name === "Job/fuse-consumer")?.message ?? "",
      /longer than specified deadline/,
    );
  });

  const generation = 2;
  const condition = (type: string, message: string) => ({ type, status: "True", reason: type, message });
  const stacks: readonly { what: string; status: object; health: string; message: string }[] = [
    {
      what: "is healthy when its update succeeded",
      status: { observedGeneration: generation, conditions: [condition("Ready", "up to date")] },
      health: "Healthy",
      message: "up to date",
    },
    {
      what: "is degraded when its update failed, with the operator's message",
      status: { observedGeneration: generation, conditions: [condition("Stalled", "up failed")] },
      health: "Degraded",
      message: "up failed",
    },
    {
      what: "is progressing while it is updated",
      status: { observedGeneration: generation, conditions: [condition("Reconciling", "processing")] },
      health: "Progressing",
      message: "processing",
    },
    {
      what: "shows no health of an earlier commit",
      status: { observedGeneration: generation - 1, conditions: [condition("Ready", "up to date")] },
      health: "Progressing",
      message: "Waiting for the operator to observe the latest spec change",
    },
  ];
  for (const { what, status, health: expected, message } of stacks)
    it(`has a rule in Lua by which the Stack of the Pulumi Kubernetes Operator ${what}`, async () => {
      const stack = objectsIn(renderedFor("operator", cluster, "a5"), "operator").find(
        (object) => (object as { kind?: string }).kind === "Stack",
      ) as { metadata: object };
      const metadata = { ...stack.metadata, generation };
      const [found, application] = await judgeHealth([{ ...stack, metadata, status }]);
      assert.deepEqual(found, { name: "Stack/fuse-test", status: expected, message });
      assert.equal(application?.status, expected);
    });
});
