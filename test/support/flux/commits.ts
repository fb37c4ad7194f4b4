import { parse, stringify } from "yaml";
import type { ClusterDescriptor } from "../../../cluster/descriptor";
import { readSettings } from "../../../config";
import { testFiles } from "../../../gitops/test-files";
import { runDirectory } from "../../../manifests/common";
import { ROOT, ROOT_PATH } from "./flux";

/** Files of a repository, by path. */
export type Files = Readonly<Record<string, string>>;

/** Folder of the repository that holds what was rendered. */
const FOLDER = "fuse-test";

/** The Job of the test, in the repository. */
export const JOB_FILE = `${FOLDER}/test/job-fuse-consumer.yaml`;

/** The producer of the test, in the repository. */
export const PRODUCER_FILE = `${FOLDER}/test/pod-fuse-producer.yaml`;

/** Flux's Kustomization of the test, in the repository. */
export const KUSTOMIZATION_FILE = `${FOLDER}/flux/kustomization-fuse-test.yaml`;

/** Seconds that a run of these tests may take; the Job has a minute more. */
const TIMEOUT_SECONDS = "40";

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

/** What differs from a test that is enabled and has the settings of these tests. */
export interface Choice {
  readonly enabled?: boolean;
  readonly driver?: string;
  readonly timeoutSeconds?: string;
}

/** Returns a user's repository that has the test, as it is rendered for Flux, with a run of this id. */
export function repositoryFiles(
  { image }: Pick<ClusterDescriptor, "image">,
  run: string,
  choice: Choice = {},
): Files {
  const { enabled = true, ...chosen } = choice;
  const settings = readSettings({ cluster: "embedded", timeoutSeconds: TIMEOUT_SECONDS, ...chosen, run });
  const pods = {
    ...settings,
    hostPath: runDirectory(settings),
    image,
    imagePullPolicy: "Never" as const,
  };
  const rendered = testFiles(
    { pods, settings },
    {
      flavour: "flux",
      command: "npm run render",
      stack: "",
      repository: "",
      source: ROOT,
      branch: "main",
      path: FOLDER,
      enabled,
    },
  );
  return {
    ...clusterFiles([`${FOLDER}/flux`]),
    ...Object.fromEntries(Object.entries(rendered).map(([path, text]) => [`${FOLDER}/${path}`, text])),
  };
}

/** Returns files with a piece of one replaced. @throws Error if the file has no such piece: it would test nothing. */
export function edited(files: Files, file: string, from: string | RegExp, to: string): Files {
  const text = files[file];
  const changed = text?.replace(from, to);
  if (changed === undefined || changed === text) throw new Error(`${file} has no ${String(from)}`);
  return { ...files, [file]: changed };
}

/** Returns the id of the run that files deploy, with the hash that rendering adds to it. */
export function runOf(files: Files): string {
  const { metadata } = parse(files[PRODUCER_FILE] ?? "") as { metadata: { labels: Record<string, string> } };
  return metadata.labels["fuse-test/run"] ?? "";
}
