import { homedir } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import { readDescriptor } from "./cluster/descriptor";
import { ConfigurationError, projectValues, readSettings, type Settings } from "./config";
import type { PodSettings } from "./manifests/common";
import { lastRun } from "./runs";

/** A stack's settings, with what the embedded cluster adds to them. */
export interface StackSettings {
  readonly settings: Settings;
  readonly pods: PodSettings;
  readonly kubeconfig: string | undefined;
}

function resolve(settings: Settings): StackSettings {
  if (settings.cluster === "embedded") {
    const cluster = readDescriptor();
    const image = settings.image ?? cluster.image;
    return {
      settings,
      pods: { ...settings, image, imagePullPolicy: "Never" },
      kubeconfig: cluster.kubeconfig,
    };
  }
  const { image } = settings;
  if (image === undefined) throw new ConfigurationError(["fuse-test:image is missing"]);
  return {
    settings,
    pods: { ...settings, image, imagePullPolicy: "IfNotPresent" },
    kubeconfig: settings.kubeconfig?.replace(/^~(?=\/)/, homedir()),
  };
}

/**
 * Reads the settings of the stack that the engine runs.
 * @throws pulumi.RunError, which the engine shows without a stack trace, for a user's mistake.
 */
export function stackSettings(): StackSettings {
  try {
    const values = projectValues(pulumi.runtime.allConfig(), pulumi.getProject());
    return resolve(readSettings(values, lastRun(pulumi.getStack())));
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}
