import { resolve } from "node:path";
import { readDescriptor } from "../tools/cluster/descriptor";
import { ConfigurationError, type Settings } from "../config/settings";
import { expandHome } from "./files";
import { type PodSettings, runDirectory } from "../manifests/common";

/** A stack's settings, with what the embedded cluster adds to them. */
export interface StackSettings {
  readonly settings: Settings;
  readonly pods: PodSettings;
  readonly kubeconfig: string | undefined;
}

/**
 * Adds to a stack's settings what they leave to the cluster.
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
    // Each process has a working directory of its own, and the state is read from anywhere.
    kubeconfig: settings.kubeconfig && resolve(expandHome(settings.kubeconfig)),
  };
}
