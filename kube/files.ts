import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { KubeconfigError, type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from "./parse";

/** The variables that decide which kubeconfig is meant, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Which cluster is meant; absent means the usual places and the current context. */
export interface Access {
  /** Path of a kubeconfig. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** Replaces a leading `~`, as a shell would, by the home directory. */
export function expandHome(path: string): string {
  return path.replace(/^~(?=\/|$)/u, () => homedir());
}

/**
 * The files that are read, in their order: those of KUBECONFIG, each once, or `~/.kube/config` where it is unset or
 * empty. HOME decides, as in client-go, and not the list of users.
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

/** A kubeconfig, with the words for where it is from. */
export interface Loaded {
  readonly config: Kubeconfig;
  /** The files that were looked for, for a person. */
  readonly called: string;
  /** Whether one file was named, so that no other place is looked at. */
  readonly explicit: boolean;
}

/**
 * Reads the kubeconfig that is meant: the named file, or those of the usual places as one. Of these, a file that is
 * not there is as good as an empty one.
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
