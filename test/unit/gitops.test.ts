import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { renderedFiles } from "../../gitops/render";
import { deployerManifests } from "../../policy/admission/deployer";
import { guardManifests } from "../../policy/admission/guard";

const folder = join(__dirname, "..", "..", "gitops");
const parts = ["guard", "deployer"];

function objectsIn(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => document.toJS() as unknown);
}

describe("the files for GitOps", () => {
  it("are committed as `npm run render` writes them, and there are no others", () => {
    const committed = parts.flatMap((part) =>
      readdirSync(join(folder, part)).map((file) => [
        `${part}/${file}`,
        readFileSync(join(folder, part, file), "utf8"),
      ]),
    );
    assert.deepEqual(Object.fromEntries(committed), renderedFiles());
  });

  it("hold every object of the guard, and of the deployer, as the program's manifests have them", () => {
    const files = renderedFiles();
    assert.deepEqual(
      objectsIn(files["guard/guard.yaml"] ?? ""),
      guardManifests().flatMap(({ policy, binding }) => [policy, binding]),
    );
    assert.deepEqual(objectsIn(files["deployer/deployer.yaml"] ?? ""), [...deployerManifests()]);
  });

  it("are named by a kustomization each", () => {
    for (const part of parts) {
      assert.deepEqual(parse(renderedFiles()[`${part}/kustomization.yaml`] ?? ""), {
        apiVersion: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        resources: [`${part}.yaml`],
      });
    }
  });
});
