import { stringify } from "yaml";
import { deployerManifests } from "../policy/admission/deployer";
import { guardManifests } from "../policy/admission/guard";

const notice = "# Rendered by `npm run render` from the manifests of the program: change them there.\n";

function document(object: unknown): string {
  // Without folding and without anchors: one manifest looks the same wherever it is compared.
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

function documents(objects: readonly unknown[]): string {
  return `${notice}${objects.map(document).join("---\n")}`;
}

function kustomization(...resources: readonly string[]): string {
  const object = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources };
  return `${notice}${document(object)}`;
}

/**
 * The files that GitOps applies, by their path in this folder. Guard and deployer are apart from each other and from
 * the test, because whoever deploys the test should be able to change neither.
 */
export function renderedFiles(): Readonly<Record<string, string>> {
  const guard = guardManifests().flatMap(({ policy, binding }) => [policy, binding]);
  return {
    "guard/guard.yaml": documents(guard),
    "guard/kustomization.yaml": kustomization("guard.yaml"),
    "deployer/deployer.yaml": documents(deployerManifests()),
    "deployer/kustomization.yaml": kustomization("deployer.yaml"),
  };
}
