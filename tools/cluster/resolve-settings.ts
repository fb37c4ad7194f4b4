import { resolve } from "node:path";
import { ConfigurationError, type Settings } from "../../config/settings";
import type { StackSettings } from "../../kube/cluster-choice";
import { expandHome } from "../../kube/files";
import { runDirectory } from "../../manifests/common";
import { readDescriptor } from "./descriptor";

/**
 * Completes a stack's settings with those of the cluster.
 * @throws Error in one line if the embedded cluster is not up.
 */
export function resolveSettings(settings: Settings): StackSettings {
  if (settings.cluster === "embedded") {
    const cluster = readDescriptor();
    const image = settings.image ?? cluster.image;
    return {
      settings,
      pods: { ...settings, hostPath: runDirectory(settings), image, imagePullPolicy: "Never" },
      kubeconfig: cluster.kubeconfig,
    };
  }
  const { image } = settings;
  if (image === undefined) throw new ConfigurationError(["fuse-test:image is missing"]);
  return {
    settings,
    pods: { ...settings, hostPath: runDirectory(settings), image, imagePullPolicy: "IfNotPresent" },
    // Absolute, because each process has its own working directory and the state is read from anywhere.
    kubeconfig: settings.kubeconfig && resolve(expandHome(settings.kubeconfig)),
  };
}
