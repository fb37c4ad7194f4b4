import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { stateHome } from "../setup/paths";

/** Description of a running embedded cluster for the rest of the project. */
export interface ClusterDescriptor {
  /** The cluster's name: `default` unless `FUSE_TEST_CLUSTER` names another. */
  readonly name: string;
  /** Path of the administrator's kubeconfig, mode 0600. */
  readonly kubeconfig: string;
  /** The local image, named by digest: `name@sha256:...`. It is on both nodes. */
  readonly image: string;
}

const schema = z.object({ name: z.string(), kubeconfig: z.string(), image: z.string() });

/** Returns the name of the embedded cluster that this environment selects. */
export function clusterName(): string {
  return process.env.FUSE_TEST_CLUSTER ?? "default";
}

/** Returns the folder that holds everything of one embedded cluster. */
export function clusterFolder(name: string): string {
  return join(stateHome(), "clusters", name);
}

/** Returns the name of the embedded cluster of this machine whose API server has an address; undefined if there is none. */
export function embeddedClusterAt(server: string): string | undefined {
  const folder = join(stateHome(), "clusters");
  if (server === "" || !existsSync(folder)) return undefined;
  return readdirSync(folder).find((name) => {
    try {
      return readFileSync(readDescriptor(name).kubeconfig, "utf8").includes(JSON.stringify(server));
    } catch {
      return false;
    }
  });
}

/**
 * Reads the descriptor of an embedded cluster.
 * @throws Error in one line, with the command that starts it, if the cluster was not started.
 */
export function readDescriptor(name = clusterName()): ClusterDescriptor {
  const file = join(clusterFolder(name), "cluster.json");
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new Error(
      `the embedded cluster "${name}" is not up (${file} cannot be read). Start it: npm run cluster -- up`,
    );
  }
}
