import { deployerManifests } from "../policy/admission/deployer";
import { guardManifests } from "../policy/admission/guard";
import { documents, kustomizationFile } from "./yaml";

const notice = "# Rendered by `npm run render` from the manifests of the program: change them there.\n";

/**
 * Renders the files of this folder, by their path in it. Guard and deployer are apart from each other and from the test, because
 * the deployer of the test should be able to change neither.
 */
export function renderedFiles(): Readonly<Record<string, string>> {
  const guard = guardManifests().flatMap(({ policy, binding }) => [policy, binding]);
  return {
    "guard/guard.yaml": documents(notice, guard, false),
    "guard/kustomization.yaml": kustomizationFile(notice, ["guard.yaml"]),
    "deployer/deployer.yaml": documents(notice, deployerManifests(), false),
    "deployer/kustomization.yaml": kustomizationFile(notice, ["deployer.yaml"]),
  };
}
