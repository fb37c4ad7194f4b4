import { join } from "node:path";
import type { Log } from "../../../tools/setup/build";
import { type DefinedProgram, filesIn } from "./kustomize-controller";
import { ensureTool, type ModuleTool } from "./tool";

const TOOL: ModuleTool = {
  build: {
    name: "argocd-health",
    folder: join(__dirname, "..", "..", "argocd-health"),
    packages: ["."],
    ldflags: "-s -w",
    cpuSeconds: 200,
  },
  files: [
    {
      module: "github.com/argoproj/argo-cd/v3@v3.3.0",
      sum: "h1:9UlruTd5cC/MyvorTXgAIblfZTy63MF5FYvvoAaUvwU=",
      files: ["manifests/crds/application-crd.yaml", "manifests/crds/appproject-crd.yaml"],
    },
  ],
};

/** Returns the program that prints the health which Argo CD sees, and Argo CD's definitions; built if it is not there yet. */
export async function ensureArgocdHealth(log: Log): Promise<DefinedProgram> {
  const folder = await ensureTool(TOOL, log);
  return { program: join(folder, "argocd-health"), definitions: filesIn(folder, TOOL.files) };
}
