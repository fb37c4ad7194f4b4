import { homedir } from "node:os";
import { join } from "node:path";

/** Version of the Pulumi engine; the launcher's package and toolchain/engine/go.mod name the same one. */
export const ENGINE_VERSION = "3.259.0";

/** Version of Kubernetes; toolchain/kubernetes/go.mod names the same one. */
export const KUBERNETES_VERSION = "1.34.4";

/**
 * Folder for what can be got again: the engine, its plugins and Kubernetes.
 * `FUSE_TEST_CACHE` names another; the default follows the XDG base directory specification.
 */
export function cacheHome(): string {
  return (
    process.env.FUSE_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "fuse-test")
  );
}

/**
 * Folder for what cannot be got again: the stacks' state and the embedded clusters.
 * `FUSE_TEST_STATE` names another; the default follows the XDG base directory specification.
 */
export function stateHome(): string {
  return (
    process.env.FUSE_TEST_STATE ??
    join(process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state"), "fuse-test")
  );
}

/** Pulumi's home for this project alone: never the user's own, which other projects share. */
export function pulumiHome(): string {
  return join(cacheHome(), "pulumi");
}

/** Folder with kube-apiserver, kube-controller-manager, kube-scheduler, kubelet and kubectl. */
export function kubernetesBin(): string {
  return join(cacheHome(), "kubernetes", KUBERNETES_VERSION);
}
