import { basename, join } from "node:path";
import type { Log } from "../../../tools/setup/build";
import { ensureTool, type ModuleFiles, type ModuleTool } from "./tool";

const definitions = "config/crd/bases";

const TOOL: ModuleTool = {
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
      files: [`${definitions}/kustomize.toolkit.fluxcd.io_kustomizations.yaml`],
    },
    {
      // It cannot be built from its module. The controller works only where all of its kinds are defined.
      module: "github.com/fluxcd/source-controller@v1.9.0",
      sum: "h1:5msg2yyjVYDULZos+2ve8MZzcSqTpusiXmrOeBhc9yY=",
      files: ["gitrepositories", "ocirepositories", "buckets"].map(
        (kind) => `${definitions}/source.toolkit.fluxcd.io_${kind}.yaml`,
      ),
    },
  ],
};

/** A program with the definitions of the objects that it works with. */
export interface DefinedProgram {
  readonly program: string;
  /** Files with one CustomResourceDefinition each. */
  readonly definitions: readonly string[];
}

/** Returns the paths in a tool's folder of its files. */
export function filesIn(folder: string, files: readonly ModuleFiles[]): string[] {
  return files.flatMap((one) => one.files.map((file) => join(folder, basename(file))));
}

/** Returns Flux's kustomize-controller, built if it is not there yet. */
export async function ensureKustomizeController(log: Log): Promise<DefinedProgram> {
  const folder = await ensureTool(TOOL, log);
  return { program: join(folder, "kustomize-controller"), definitions: filesIn(folder, TOOL.files) };
}
