import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { KubeconfigError, type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from "./parse";

/** Environment variables, such as `process.env`, that select the kubeconfig. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Selection of a cluster; absent means the default locations and the current context. */
export interface Access {
  /** Path of a kubeconfig. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** Replaces a leading `~` by the home directory, as a shell would. */
export function expandHome(path: string): string {
  return path.replace(/^~(?=\/|$)/u, () => homedir());
}

/**
 * Returns the default kubeconfigs in order: those of KUBECONFIG, each once, or `~/.kube/config` if it is
 * unset or empty. The home directory is HOME, as in client-go, not the entry in the list of users.
 */
export function usualFiles({ KUBECONFIG = "", HOME = "" }: Environment): string[] {
  if (KUBECONFIG === "") return [join(HOME, ".kube", "config")];
  return [...new Set(KUBECONFIG.split(delimiter))].filter((file) => file !== "");
}

function readFile(file: string, required: boolean): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && !required) return undefined;
    throw new KubeconfigError(file, message);
  }
}

/** A kubeconfig, with the names of its files. */
export interface Loaded {
  readonly config: Kubeconfig;
  /** The files that were searched, for messages. */
  readonly called: string;
  /** True if one file was named, so that no other location is searched. */
  readonly explicit: boolean;
}

/**
 * Loads the selected kubeconfig: the named file, or the merged default ones. A default file that does not
 * exist counts as empty.
 * @throws KubeconfigError
 */
export function loadKubeconfig({ kubeconfig }: Access, environment: Environment): Loaded {
  const explicit = kubeconfig !== undefined && kubeconfig !== "";
  const files = explicit ? [expandHome(kubeconfig)] : usualFiles(environment);
  const configs = files.flatMap((file) => {
    const text = readFile(file, explicit);
    return text === undefined ? [] : [parseKubeconfig(text, file)];
  });
  return { config: mergeKubeconfigs(configs), called: files.join(delimiter), explicit };
}
