import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type ClusterNames, findNames } from "./connection";
import { type DeployedCluster, findCluster } from "./deployed-cluster";
import { type Access, type Environment, usualFiles } from "./files";
import { KubeconfigError } from "./parse";
import { providerKubeconfig } from "./provider";
import type { StackSettings } from "./resolve-settings";

/** Which cluster an update means, in the words of everybody who asks it. */
export interface ClusterChoice {
  /** For this project's own commands. */
  readonly access: Access;
  /** For Pulumi's provider, which has its own reader of kubeconfigs. */
  readonly providerAccess: { readonly kubeconfig?: string; readonly context?: string };
  /** Undefined where the kubeconfig does not say, or cannot be read: the preflight says why. */
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
    // The preflight says what is wrong with the file, and so does the provider.
    if (error instanceof KubeconfigError || (error as NodeJS.ErrnoException).code !== undefined)
      return kubeconfig;
    throw error;
  }
}

/**
 * Chooses the cluster once for all: by the path of a kubeconfig and a context, which is written down by its name even
 * where it is the current one. The state keeps both, so that a destroy means the cluster of its update, whatever the
 * current context is by then.
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
