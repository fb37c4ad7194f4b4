import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf, listFilesBelow } from "./files";
import { ENGINE_VERSION, KUBERNETES_VERSION } from "./paths";
import { KUBERNETES_PROVIDER } from "./providers";

/** Programs that are built together from one pinned go.mod. */
export interface ModuleBuild {
  /** Beginning of progress lines, and the name of the folder with go.mod and go.sum unless `folder` is another. */
  readonly name: string;
  /** Absolute path of the folder with go.mod and go.sum. */
  readonly folder?: string;
  /** Import paths of the programs. */
  readonly packages: readonly string[];
  /** Flags of the linker. */
  readonly ldflags: string;
  /** CPU seconds that a cold build takes, measured on x64; decides nothing but the estimate that setup prints. */
  readonly cpuSeconds: number;
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
  cpuSeconds: 450,
};

/**
 * Pulumi's Kubernetes provider, from a main package of our own in the folder of its go.mod. Without its version the
 * engine takes the plugin for another one than the program asks for. `provider/sdk` replaces the generated Go SDK: with
 * it the program has 300 MB instead of 85 MB and takes three times as long to compile.
 */
export const PROVIDER_BUILD: ModuleBuild = {
  name: "provider",
  packages: ["."],
  ldflags: `-s -w -X github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=${KUBERNETES_PROVIDER.version}`,
  cpuSeconds: 330,
};

/** Kubernetes; without its version kubelet and the API server call themselves v0.0.0. */
export const KUBERNETES_BUILD: ModuleBuild = {
  name: "kubernetes",
  packages: KUBERNETES_PROGRAMS.map((program) => `k8s.io/kubernetes/cmd/${program}`),
  ldflags: `-s -w ${kubernetesVersionFlags()}`,
  cpuSeconds: 650,
};

/** Names of the builds that setup plans. */
export type BuildName = keyof typeof BUILDS;

const BUILDS = { engine: ENGINE_BUILD, provider: PROVIDER_BUILD, kubernetes: KUBERNETES_BUILD };

/** Estimates the whole minutes that cold builds take together on a number of processor cores. */
export function estimateMinutes(names: readonly BuildName[], cores: number): number {
  const seconds = names.reduce((sum, name) => sum + BUILDS[name].cpuSeconds, 0);
  return Math.ceil(seconds / Math.max(1, cores) / 60);
}

/** Returns the folder with the go.mod of a build. */
export function moduleFolder(build: ModuleBuild): string {
  return build.folder ?? join(__dirname, build.name);
}

/** Returns the hash of all that decides what a build makes: the pinned modules, our own main packages and the flags. */
export function moduleInputs(build: ModuleBuild): string {
  const contents = listFilesBelow(moduleFolder(build)).map((file) => readFileSync(file));
  return hashOf([...contents, ...build.packages, build.ldflags]);
}
