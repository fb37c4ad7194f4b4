import { join } from "node:path";
import type { ModuleTool } from "./tool";

const definitions = "config/crd/bases";
const kustomizations = `${definitions}/kustomize.toolkit.fluxcd.io_kustomizations.yaml`;
const sources = ["gitrepositories", "ocirepositories", "buckets"].map(
  (kind) => `${definitions}/source.toolkit.fluxcd.io_${kind}.yaml`,
);

/** Files with one CustomResourceDefinition each. The controller works only if all kinds of sources are defined. */
export const FLUX_DEFINITIONS: readonly string[] = [kustomizations, ...sources];

/** Flux's kustomize-controller. */
export const KUSTOMIZE_CONTROLLER: ModuleTool = {
  build: {
    name: "kustomize-controller",
    folder: join(__dirname, "..", "..", "kustomize-controller"),
    packages: ["github.com/fluxcd/kustomize-controller"],
    ldflags: "-s -w",
    cpuSeconds: 300,
  },
  files: [
    {
      module: "github.com/fluxcd/kustomize-controller@v1.9.5",
      sum: "h1:/XY2zy3K7fntyppEXIHG7oRMzmfgIt50eJzUfaPX1Kc=",
      files: [kustomizations],
    },
    // The program of this module cannot be built: the proxy does not serve one of its dependencies.
    {
      module: "github.com/fluxcd/source-controller@v1.9.0",
      sum: "h1:5msg2yyjVYDULZos+2ve8MZzcSqTpusiXmrOeBhc9yY=",
      files: sources,
    },
  ],
};
