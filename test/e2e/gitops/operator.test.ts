import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import type { ClusterDescriptor } from "../../../tools/cluster/descriptor";
import { OPERATOR_NAMESPACE } from "../../../gitops/operator";
import { DEPLOYER } from "../../../policy/admission/deployer";
import { parseOutputs, type Verdict } from "../../../protocol/verdict";
import { type Api, openApi } from "../../support/api";
import { clusterApi } from "../../support/clients";
import { testCluster } from "../../support/cluster";
import type { Finished } from "../../support/engine";
import { assertNothingLeft, leftovers } from "../../support/leftovers";
import {
  destroyStack,
  makeWorkspace,
  setConfig,
  type StackSpec,
  updateStack,
  type Workspace,
} from "../../support/operator";
import { renderedFor } from "../../support/rendered";
import { until, untilAccount } from "../../support/waiting";

/** Returns the objects that are rendered for the operator. */
function objectsFor(cluster: ClusterDescriptor, run: string): { kind: string; spec?: StackSpec }[] {
  return Object.entries(renderedFor("operator", cluster, run))
    .filter(([path]) => !path.endsWith("/kustomization.yaml"))
    .map(([, text]) => parse(text) as { kind: string; spec?: StackSpec });
}

/** Returns what the rendered Stack asks of the operator. */
function stackOf(cluster: ClusterDescriptor, run: string): StackSpec {
  const spec = objectsFor(cluster, run).find(({ kind }) => kind === "Stack")?.spec;
  assert.ok(spec);
  return spec;
}

/** Asserts that a command of the engine succeeded, and returns what it printed. */
function succeeded({ code, stdout, stderr }: Finished): string {
  assert.equal(code, 0, stdout + stderr);
  return stdout;
}

describe("the test as the Pulumi Kubernetes Operator runs it, without root and with the deployer's rights", function () {
  // A clone is installed as on a machine that has nothing yet.
  this.timeout(900_000);
  let cluster: ClusterDescriptor;
  let admin: Api;
  let workspace: Workspace;
  let outside: object;

  before(async () => {
    cluster = await testCluster();
    admin = openApi(cluster.kubeconfig);
    const items = objectsFor(cluster, "o1").filter(({ kind }) => kind !== "Stack");
    outside = { apiVersion: "v1", kind: "List", items };
    await clusterApi().createNamespace({ body: { metadata: { name: OPERATOR_NAMESPACE } } });
    const applied = await admin.kubectl(["apply", "--server-side", "-f", "-"], outside);
    assert.equal(applied.allowed, true, applied.message);
    await untilAccount(clusterApi(), "fuse-test", 30);
    const token = await admin.kubectl(["--namespace", OPERATOR_NAMESPACE, "create", "token", DEPLOYER]);
    assert.equal(token.allowed, true, token.message);
    workspace = await makeWorkspace(kubeconfigWith(token.message));
    // The stack's file is the user's own; the longer suites have tests of their own.
    workspace.checkout.configure("homelab", { suite: "quick" });
  });

  after(async () => {
    workspace.remove();
    await admin.kubectl(["delete", "--ignore-not-found", "-f", "-"], outside);
    await clusterApi().deleteNamespace({ name: OPERATOR_NAMESPACE });
    await until(`namespace ${OPERATOR_NAMESPACE} is gone`, 60, async () => {
      const fieldSelector = `metadata.name=${OPERATOR_NAMESPACE}`;
      return (await clusterApi().listNamespace({ fieldSelector })).items.length === 0;
    });
    await assertNothingLeft(cluster.name, "");
  });

  /** Returns a kubeconfig of the cluster for whoever has a token. */
  function kubeconfigWith(token: string): string {
    const config = parse(readFileSync(cluster.kubeconfig, "utf8")) as { users: { name: string }[] };
    return stringify({ ...config, users: config.users.map(({ name }) => ({ name, user: { token } })) });
  }

  async function outputs({ stack }: StackSpec): Promise<Verdict> {
    const shown = await workspace.pulumi("stack", "output", "--json", "--stack", stack);
    const found = parseOutputs(succeeded(shown));
    assert.ok(found, shown.stdout);
    return found;
  }

  it("installs the project in a clone, selects the stack and sets the whole configuration", async () => {
    const spec = stackOf(cluster, "o1");
    assert.notEqual((await workspace.pulumi("stack", "select", "--stack", spec.stack)).code, 0);
    succeeded(await workspace.pulumi("stack", "init", spec.stack));
    succeeded(await workspace.pulumi("install"));
    succeeded(await workspace.pulumi(...setConfig(spec)));
    const config = succeeded(await workspace.pulumi("config", "--json", "--stack", spec.stack));
    const values = JSON.parse(config) as Record<string, { value?: string }>;
    for (const [key, value] of Object.entries(spec.config)) assert.equal(values[key]?.value, value, key);
  });

  it("updates the stack, which is a SUCCESS, and updates it again without a change", async () => {
    const spec = stackOf(cluster, "o1");
    succeeded(await workspace.pulumi(...updateStack(spec)));
    const first = await outputs(spec);
    assert.deepEqual([first.verdict, first.run.id, first.run.node], ["SUCCESS", "o1", "w2"], first.summary);
    assert.match(succeeded(await workspace.pulumi(...updateStack(spec))), /\d+ unchanged/);
    assert.deepEqual(await outputs(spec), first);
  });

  it("fails the update with ERROR, with the cause in its words, and the next one is a SUCCESS", async () => {
    const absent = stackOf(cluster, "o2");
    const image = `fuse-test.local/none@sha256:${"0".repeat(64)}`;
    const config = { ...absent.config, "fuse-test:image": image };
    succeeded(await workspace.pulumi(...setConfig({ ...absent, config })));
    const { code, stdout, stderr } = await workspace.pulumi(...updateStack(absent));
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /ERROR.*image-unavailable/);
    const failed = await outputs(absent);
    assert.deepEqual([failed.verdict, failed.cause, failed.run.id], ["ERROR", "image-unavailable", "o2"]);

    const mended = stackOf(cluster, "o3");
    succeeded(await workspace.pulumi(...setConfig(mended)));
    succeeded(await workspace.pulumi(...updateStack(mended)));
    const { verdict, run } = await outputs(mended);
    assert.deepEqual([verdict, run.id], ["SUCCESS", "o3"]);
  });

  it("destroys the stack, removes it, and leaves nothing but the administrator's namespace", async () => {
    const spec = stackOf(cluster, "o3");
    assert.notDeepEqual((await leftovers(cluster.name)).mounts, [], "a test that runs is seen");
    succeeded(await workspace.pulumi(...destroyStack(spec)));
    assert.deepEqual(await leftovers(cluster.name), {
      mounts: [],
      directories: [],
      objects: ["Namespace/fuse-test"],
      processes: [],
    });
    assert.equal(succeeded(await workspace.pulumi("stack", "ls", "--json")).trim(), "[]");
  });
});
