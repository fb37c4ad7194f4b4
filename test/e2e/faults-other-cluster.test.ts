import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { clusterApi } from "../support/clients";
import { testCluster } from "../support/cluster";
import { assertSuccess, destroyCleanly, newRun, UNASKED, verdictOf, words } from "../support/faults";
import { type FaultyApi, openFaultyApi } from "../support/faulty-api";
import { onNode } from "../support/nodes";
import { type Finished, testStack, type TestStack } from "../support/stack";

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: object }[];
  readonly users: readonly { readonly user: object }[];
}

/** What is read on a cluster before anything is done there: whose the namespace and the test in it are. */
const ONLY_READ = /^\/api\/v1\/namespaces\/fuse-test(?:\/configmaps\/fuse-test-programs)?$/;

/** An address at which nothing listens. */
const NOWHERE = "https://127.0.0.1:9";

describe("an update to another cluster than the test is deployed on", function () {
  this.timeout(240_000);
  let cluster: ClusterDescriptor;
  let folder: string;
  let stack: TestStack;
  let other: FaultyApi;
  /** Paths that were asked for on the other way to an API server. */
  let asked: string[];

  before(async () => {
    cluster = await testCluster();
    folder = mkdtempSync(join(tmpdir(), "fuse-test-other-"));
    asked = [];
    other = await openFaultyApi(cluster, folder, ({ path }) => {
      asked.push(path);
      return undefined;
    });
    stack = await testStack();
  });

  after(async () => {
    other.close();
    await stack.remove();
    rmSync(folder, { recursive: true });
  });

  /** Writes a kubeconfig with the contexts `here`, the test's cluster, and `there`, which means another server. */
  function kubeconfigWith(server: string, name = "config"): string {
    const file = join(folder, name);
    const { clusters, users } = parse(readFileSync(cluster.kubeconfig, "utf8")) as Kubeconfig;
    const here = clusters[0]?.cluster ?? {};
    const content = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "here",
      clusters: [
        { name: "here", cluster: here },
        { name: "there", cluster: { server, "insecure-skip-tls-verify": true } },
      ],
      users: [{ name: "admin", user: users[0]?.user ?? {} }],
      contexts: ["here", "there"].map((one) => ({ name: one, context: { cluster: one, user: "admin" } })),
    };
    writeFileSync(file, stringify(content), { mode: 0o600 });
    return file;
  }

  const serverOf = (file: string): string =>
    (parse(readFileSync(file, "utf8")) as { clusters: { cluster: { server: string } }[] }).clusters[0]
      ?.cluster.server ?? "";

  function settingsOf(kubeconfig: string | undefined, context?: string): Record<string, unknown> {
    const file = kubeconfig === undefined ? {} : { kubeconfig };
    const named = context === undefined ? {} : { context };
    return { cluster: "kubeconfig", image: cluster.image, guard: false, ...file, ...named };
  }

  async function deployOn(settings: Record<string, unknown>, environment = {}): Promise<string> {
    const run = newRun(stack, settings);
    await assertSuccess(stack, run, await stack.within({ environment }).pulumi("up", ...UNASKED));
    return run;
  }

  /** What shows whether the deployed test was touched: its pods, and its mount. */
  async function whatIsDeployed(): Promise<readonly string[]> {
    const { items } = await clusterApi().listNamespacedPod({ namespace: "fuse-test" });
    const mounts = await onNode("w2", ["grep", " /tmp/fuse-test-bridge/[^ /]*/mount ", "/proc/1/mountinfo"]);
    return [...items.map(({ metadata }) => metadata?.uid ?? "").sort(), mounts];
  }

  /** Asserts that a command failed with one line about both clusters, and that it changed nothing on either. */
  async function assertRefused(run: () => Promise<Finished>, meant: string): Promise<void> {
    const [before, calls] = [await whatIsDeployed(), asked.length];
    const refused = await run();
    const said = words(refused);
    assert.notEqual(refused.code, 0, said);
    const lines = said.split("\n").filter((line) => line.includes("the test is deployed on the cluster"));
    assert.notEqual(lines.length, 0, said);
    for (const line of lines) {
      assert.match(line, /"here" of [^,]*, https:/);
      assert.ok(line.includes(`but this configuration means ${meant}`), line);
      assert.match(line, /Nothing was changed\. Destroy the test first: npx pulumi destroy/);
    }
    assert.doesNotMatch(said, /unhandled|at Object\.|\.ts:\d+/);
    assert.deepEqual(await whatIsDeployed(), before);
    for (const path of asked.slice(calls)) assert.match(path, ONLY_READ);
  }

  it("is refused for another context, as its preview is, and a destroy cleans the first cluster", async () => {
    const file = kubeconfigWith(serverOf(other.kubeconfig));
    await deployOn(settingsOf(file, "here"));
    const run = newRun(stack, settingsOf(file, "there"));
    const meant = `"there" (context "there" of ${file}, http://127.0.0.1:`;
    await assertRefused(() => stack.pulumi("up", ...UNASKED), meant);
    await assertRefused(() => stack.pulumi("preview"), meant);
    const { verdict, cause, run: shown } = await verdictOf(stack);
    assert.deepEqual([verdict, cause, shown.id], ["ERROR", "interrupted", run]);
    await destroyCleanly(stack, "another context");
  });

  it("is refused for another kubeconfig, and is none when the kubeconfig is set back", async () => {
    const file = kubeconfigWith(NOWHERE);
    const run = await deployOn(settingsOf(file));
    stack.configure({ run, suite: "quick", ...settingsOf(other.kubeconfig) });
    await assertRefused(
      () => stack.pulumi("up", ...UNASKED),
      `"faulty" (context "faulty" of ${other.kubeconfig}, http://127.0.0.1:`,
    );
    stack.configure({ run, suite: "quick", ...settingsOf(file) });
    const unchanged = await stack.pulumi("up", ...UNASKED, "--expect-no-changes");
    await assertSuccess(stack, run, unchanged);
    await destroyCleanly(stack, "another kubeconfig, set back");
  });

  it("is refused for a cluster that does not answer, also if the provider is to forget such a one's objects", async () => {
    const file = kubeconfigWith(NOWHERE);
    await deployOn(settingsOf(file, "here"));
    newRun(stack, settingsOf(file, "there"));
    const environment = { PULUMI_K8S_DELETE_UNREACHABLE: "true", PULUMI_K8S_SKIP_UPDATE_UNREACHABLE: "true" };
    await assertRefused(
      () => stack.within({ environment }).pulumi("up", ...UNASKED),
      `"there" (context "there" of ${file}, ${NOWHERE})`,
    );
    await destroyCleanly(stack, "a cluster that does not answer");
  });

  it("is refused for another KUBECONFIG, with which a destroy cleans the first cluster all the same", async () => {
    const file = kubeconfigWith(NOWHERE);
    const settings = settingsOf(undefined);
    await deployOn(settings, { KUBECONFIG: file });
    const elsewhere = stack.within({ environment: { KUBECONFIG: other.kubeconfig } });
    newRun(stack, settings);
    await assertRefused(
      () => elsewhere.pulumi("up", ...UNASKED),
      `"faulty" (context "faulty" of ${other.kubeconfig}, http://127.0.0.1:`,
    );
    await destroyCleanly({ ...stack, ...elsewhere }, "another KUBECONFIG");
  });

  it("is refused if the same file means another server, and so is its destroy until the file is back", async () => {
    const file = kubeconfigWith(NOWHERE);
    await deployOn(settingsOf(file));
    const before = await whatIsDeployed();
    copyFileSync(file, `${file}.kept`);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(serverOf(file), NOWHERE));
    newRun(stack, settingsOf(file));
    await assertRefused(
      () => stack.pulumi("up", ...UNASKED),
      `"here" (context "here" of ${file}, ${NOWHERE})`,
    );
    const destroyed = await stack.pulumi("destroy", ...UNASKED);
    assert.notEqual(destroyed.code, 0, words(destroyed));
    assert.match(
      words(destroyed),
      /the test is deployed on https:\S+, but the context "here" of \S+ now means https:\/\/127\.0\.0\.1:9\. Nothing was changed\. Set the kubeconfig back/,
    );
    assert.deepEqual(await whatIsDeployed(), before);
    copyFileSync(`${file}.kept`, file);
    await destroyCleanly(stack, "the same file with another server");
  });
});
