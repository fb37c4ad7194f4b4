import { join } from "node:path";
import type { ModuleTool } from "./tool";

/** Folder of Argo CD's rules in Lua, in its module. */
export const ARGOCD_RULES = "resource_customizations";

/** Files with one CustomResourceDefinition each. */
export const ARGOCD_DEFINITIONS: readonly string[] = [
  "manifests/crds/application-crd.yaml",
  "manifests/crds/appproject-crd.yaml",
];

/** A program that prints the health which Argo CD sees, with Argo CD's published rules and definitions. */
export const ARGOCD_HEALTH: ModuleTool = {
  build: {
    name: "argocd-health",
    folder: join(__dirname, "..", "..", "argocd-health"),
    packages: ["."],
    ldflags: "-s -w",
    cpuSeconds: 200,
  },
  files: [
    {
      module: "github.com/argoproj/argo-cd/v3@v3.6.1",
      sum: "h1:OmhqeKiR3C//awbFrhQqFdtRI+Qiv17j8vqm3UkMj/g=",
      files: [
        ...ARGOCD_DEFINITIONS,
        `${ARGOCD_RULES}/kustomize.toolkit.fluxcd.io/Kustomization/health.lua`,
        `${ARGOCD_RULES}/pulumi.com/Stack/health.lua`,
      ],
    },
  ],
};
