/** Version of the Pulumi engine; the launcher's package and toolchain/engine/go.mod name the same one. */
export const ENGINE_VERSION: "3.259.0";

/** Version of Kubernetes; toolchain/kubernetes/go.mod names the same one. */
export const KUBERNETES_VERSION: "1.34.4";

/**
 * Folder for what can be got again: the engine, its plugins and Kubernetes.
 * `FUSE_TEST_CACHE` names another; the default follows the XDG base directory specification.
 */
export function cacheHome(env?: NodeJS.ProcessEnv): string;

/**
 * Folder for what cannot be got again: the stacks' state and the embedded clusters.
 * `FUSE_TEST_STATE` names another; the default follows the XDG base directory specification.
 */
export function stateHome(env?: NodeJS.ProcessEnv): string;

/** Pulumi's home for this project alone: never the user's own, which other projects share. */
export function pulumiHome(env?: NodeJS.ProcessEnv): string;

/** Folder with kube-apiserver, kube-controller-manager, kube-scheduler, kubelet and kubectl. */
export function kubernetesBin(env?: NodeJS.ProcessEnv): string;

/** Folder of the file backend: the stacks' state where the user names no other backend. */
export function backendFolder(env?: NodeJS.ProcessEnv): string;

/** File that names the engine which setup chose. */
export function engineRecord(env?: NodeJS.ProcessEnv): string;

/** The engine that setup chose, as recorded. */
export interface EngineRecord {
  /** Path of the `pulumi` program. */
  readonly bin: string;
  /** Its version, without a leading `v`. */
  readonly version: string;
  readonly source: "installed" | "downloaded" | "built";
  /** Why it is this one: what was tried before and how that failed; empty if it was the first choice. */
  readonly reason: string;
  /**
   * Where each plugin comes from: Pulumi's release, Pulumi's Go module built here, or this project's own substitute
   * ("thin").
   */
  readonly plugins: {
    readonly language: "release" | "thin";
    readonly kubernetes: "release" | "module";
    readonly command: "release" | "thin";
  };
  /** Folders that go first on PATH: the engine's, and that of the thin plugins if they are elsewhere. */
  readonly path: readonly string[];
}

/**
 * Reads which engine setup chose.
 * @throws Error in one line that names `npm run setup`, if it has not been run.
 */
export function readEngine(env?: NodeJS.ProcessEnv): EngineRecord;

/** What to add to an environment so that the engine finds this project's home, state and plugins. */
export function engineEnvironment(engine: EngineRecord, env?: NodeJS.ProcessEnv): Record<string, string>;
