import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf } from "./files";
import { ENGINE_VERSION, KUBERNETES_VERSION } from "./paths";

/** Programs that are built together from one pinned go.mod. */
export interface ModuleBuild {
  /** Name of the folder with go.mod and go.sum, and what progress lines begin with. */
  readonly name: "engine" | "kubernetes";
  /** Import paths of the programs. */
  readonly packages: readonly string[];
  /** Flags of the linker. */
  readonly ldflags: string;
}

/** The programs of the control plane and of a node, and the client. */
export const KUBERNETES_PROGRAMS = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kubectl",
] as const;

function kubernetesVersionFlags(): string {
  const [major, minor] = KUBERNETES_VERSION.split(".");
  const version = "k8s.io/component-base/version";
  return [
    `-X ${version}.gitVersion=v${KUBERNETES_VERSION}`,
    `-X ${version}.gitMajor=${major}`,
    `-X ${version}.gitMinor=${minor}`,
    `-X k8s.io/client-go/pkg/version.gitVersion=v${KUBERNETES_VERSION}`,
  ].join(" ");
}

/** Pulumi's engine; without its version the Automation API refuses it. */
export const ENGINE_BUILD: ModuleBuild = {
  name: "engine",
  packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
  ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${ENGINE_VERSION}`,
};

/** Kubernetes; without its version kubelet and the API server call themselves v0.0.0. */
export const KUBERNETES_BUILD: ModuleBuild = {
  name: "kubernetes",
  packages: KUBERNETES_PROGRAMS.map((program) => `k8s.io/kubernetes/cmd/${program}`),
  ldflags: `-s -w ${kubernetesVersionFlags()}`,
};

/** Folder with the go.mod of a build. */
export function moduleFolder(build: ModuleBuild): string {
  return join(__dirname, build.name);
}

/** Hash of all that decides what a build makes: the pinned modules and the flags. */
export function moduleInputs(build: ModuleBuild): string {
  const pinned = ["go.mod", "go.sum"].map((name) => readFileSync(join(moduleFolder(build), name)));
  return hashOf([...pinned, ...build.packages, build.ldflags]);
}
