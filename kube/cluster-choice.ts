import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Settings } from "../config/settings";
import type { PodSettings } from "../manifests/common";
import { type ClusterNames, findNames } from "./connection";
import { type DeployedCluster, findCluster } from "./deployed-cluster";
import { type Access, type Environment, usualFiles } from "./files";
import { KubeconfigError } from "./parse";
import { providerKubeconfig } from "./provider";

/** A stack's settings, completed by those of the embedded cluster. */
export interface StackSettings {
  readonly settings: Settings;
  readonly pods: PodSettings;
  readonly kubeconfig: string | undefined;
}

/** The cluster that an update uses, in the form that each of its users needs. */
export interface ClusterChoice {
  /** For this project's own commands. */
  readonly access: Access;
  /** For Pulumi's provider, which reads kubeconfigs itself. */
  readonly providerAccess: { readonly kubeconfig?: string; readonly context?: string };
  /** Undefined if the kubeconfig does not determine it or cannot be read: the preflight reports why. */
  readonly cluster: ClusterNames | undefined;
  /** The same, as the state keeps it to compare the next update with it. */
  readonly deployedOn: DeployedCluster;
}

/**
 * Returns the one file of the usual places, if there is exactly one: it is written down, so that a destroy reads the
 * same one, whatever KUBECONFIG and HOME are by then.
 */
function onlyUsualFile(environment: Environment): string | undefined {
  const [file, ...others] = usualFiles(environment).filter(
    (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
  );
  return file === undefined || others.length > 0 ? undefined : resolve(file);
}

function forProvider(kubeconfig: string, copies: string): string {
  try {
    return providerKubeconfig(kubeconfig, copies);
  } catch (error) {
    // Both the preflight and the provider report the problem of the file.
    if (error instanceof KubeconfigError || (error as NodeJS.ErrnoException).code !== undefined)
      return kubeconfig;
    throw error;
  }
}

/**
 * Chooses the cluster by the path of a kubeconfig and a context, which is recorded by name even if it is the
 * current one. The state keeps both, so that a destroy uses the cluster of its update, even if the current
 * context has changed since.
 * @param copies folder for copies of kubeconfigs
 */
export function chooseCluster(
  { kubeconfig: named, settings }: Pick<StackSettings, "kubeconfig" | "settings">,
  copies: string,
  environment: Environment = process.env,
): ClusterChoice {
  const kubeconfig = named ?? onlyUsualFile(environment);
  const cluster = findNames({ kubeconfig, context: settings.context, environment });
  const context = settings.context ?? (cluster?.context === "" ? undefined : cluster?.context);
  return {
    access: { kubeconfig, context },
    providerAccess: {
      ...(kubeconfig === undefined ? {} : { kubeconfig: forProvider(kubeconfig, copies) }),
      ...(context === undefined ? {} : { context }),
    },
    cluster,
    deployedOn: findCluster({ kubeconfig, context, environment }),
  };
}
