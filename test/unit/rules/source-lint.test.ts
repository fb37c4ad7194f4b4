import { ESLint } from "eslint";
import assert from "node:assert/strict";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");
const eslint = new ESLint({ cwd: root });
const ours = ["no-restricted-imports", "no-restricted-syntax"];

async function complaints(source: string, file = "index.ts"): Promise<string[]> {
  const results = await eslint.lintText(source, { filePath: join(root, file) });
  return results
    .flatMap(({ messages }) => messages.flatMap(({ ruleId }) => ruleId ?? []))
    .filter((rule) => ours.includes(rule));
}

const refused = {
  "an invoke that runs a command":
    'import { local } from "@pulumi/command"; void local.run({ command: "id" });',
  "an invoke by its full name":
    'import * as command from "@pulumi/command"; command.local.runOutput({ command: "id" });',
  "an invoke by its token":
    'import * as pulumi from "@pulumi/pulumi"; pulumi.runtime.invoke("command:local:run", {});',
  "a child process": 'import { execSync } from "node:child_process"; execSync("id");',
  "a child process by its old name": 'import * as child from "child_process"; child.execSync("id");',
  "a request of its own": 'import * as http from "node:http"; http.get("http://w1");',
  "a dynamic provider": 'import * as pulumi from "@pulumi/pulumi"; export const x = pulumi.dynamic.Resource;',
  "a Helm release": 'import * as k8s from "@pulumi/kubernetes"; export const x = k8s.helm.v3.Release;',
  "a read of what exists": 'import * as k8s from "@pulumi/kubernetes"; k8s.core.v1.Pod.get("x", "y");',
  "code from text": 'eval("1");',
};

describe("Lint of the program's source", function () {
  this.timeout(60_000);

  for (const [what, source] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      assert.notDeepEqual(await complaints(source), []);
    });
  }

  it("lets the program's own command pass", async () => {
    const source = 'import { local } from "@pulumi/command"; new local.Command("x", { create: "true" });';
    assert.deepEqual(await complaints(source), []);
  });

  it("leaves other folders alone", async () => {
    assert.deepEqual(
      await complaints(
        'import { execSync } from "node:child_process"; execSync("id");',
        "commands/verdict.ts",
      ),
      [],
    );
  });
});
