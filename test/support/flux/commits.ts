import { stringify } from "yaml";
import type { ClusterDescriptor } from "../../../tools/cluster/descriptor";
import { type Choice, type Files, FOLDER, renderedFor } from "../rendered";
import { ROOT, ROOT_PATH } from "./flux";

/** Flux's Kustomization of the test, in the repository. */
export const KUSTOMIZATION_FILE = `${FOLDER}/flux/kustomization-fuse-test.yaml`;

/** The list of what is applied outside the test, in the repository. */
export const FLUX_FILE = `${FOLDER}/flux/kustomization.yaml`;

/** Returns a user's repository whose cluster applies some folders, named from the root. */
export function clusterFiles(folders: readonly string[]): Files {
  const resources = folders.map((folder) => `../${folder}`);
  // Without a resource, a kustomization is an error: one stands for what else a user's cluster applies.
  return {
    [`${ROOT_PATH}/kustomization.yaml`]: stringify({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: ["other.yaml", ...resources],
    }),
    [`${ROOT_PATH}/other.yaml`]: stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "other", namespace: ROOT },
    }),
  };
}

/** Returns a user's repository that has the test, as it is rendered for Flux. */
export function repositoryFiles(
  cluster: Pick<ClusterDescriptor, "image">,
  run: string,
  choice: Choice = {},
): Files {
  return { ...clusterFiles([`${FOLDER}/flux`]), ...renderedFor("flux", cluster, run, choice) };
}
