import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { testCluster } from "../support/cluster";
import { assertNothingLeft } from "../support/leftovers";
import { E2E_CLUSTER } from "../support/names";
import { testStack, type TestStack } from "../support/stack";

interface Kubeconfig {
  readonly clusters: { readonly name: string; readonly cluster: { readonly server: string } }[];
  readonly contexts: object[];
}

/** Configurations that lead to no cluster. */
const WRONG: readonly { readonly title: string; readonly values: Readonly<Record<string, string>> }[] = [
  { title: "a context that does not exist", values: { context: "nosuch" } },
  { title: "a context whose server does not answer", values: { context: "silent" } },
  { title: "a kubeconfig that does not exist", values: { kubeconfig: "/nowhere/kubeconfig" } },
];

/** Adds a context whose server refuses connections to a copy of a kubeconfig. */
function withSilentContext(kubeconfig: string, copy: string): void {
  const config = parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
  config.clusters.push({ name: "silent", cluster: { server: "https://127.0.0.1:9" } });
  config.contexts.push({ name: "silent", context: { cluster: "silent", user: "silent" } });
  writeFileSync(copy, stringify({ ...config, users: [...(parse(readFileSync(kubeconfig, "utf8")) as { users: object[] }).users, { name: "silent", user: {} }] }));
}

describe("a test that is deployed, and an up that leads to no cluster", function () {
  this.timeout(240_000);
  let stack: TestStack;

  for (const { title, values } of WRONG)
    it(`because of ${title}: destroy works at once, and leaves nothing`, async () => {
      const { kubeconfig, image } = await testCluster();
      stack = await testStack();
      const copy = join(stack.folder, "kubeconfig.yaml");
      withSilentContext(kubeconfig, copy);
      const right = { cluster: "kubeconfig", kubeconfig: copy, image, suite: "quick", guard: true };
      stack.configure({ ...right, run: "right" });
      assert.equal((await stack.up()).verdict, "SUCCESS");
      stack.configure({ ...right, ...values, run: "wrong" });
      const up = await stack.pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policy");
      console.log(up.code, up.stdout, up.stderr);
      const destroy = await stack.pulumi("destroy", "--yes", "--skip-preview");
      console.log(destroy.code, destroy.stdout, destroy.stderr);
      assert.equal(destroy.code, 0, destroy.stdout + destroy.stderr);
      await assertNothingLeft(E2E_CLUSTER, destroy.stdout + destroy.stderr);
    });
});
