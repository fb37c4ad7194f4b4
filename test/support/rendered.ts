import { parse } from "yaml";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { readSettings } from "../../config/settings";
import { type Flavour, testFiles } from "../../gitops/test-files";
import { runDirectory } from "../../manifests/common";

/** Files by their paths. */
export type Files = Readonly<Record<string, string>>;

/** What differs from a test that is enabled and has the settings of these tests. */
export interface Choice {
  readonly enabled?: boolean;
  readonly driver?: string;
  readonly timeoutSeconds?: string;
}

/** Folder of the repository that holds what was rendered. */
export const FOLDER = "fuse-test";

/** The Job of the test, and its producer, in what was rendered. */
export const JOB_FILE = `${FOLDER}/test/job-fuse-consumer.yaml`;
export const PRODUCER_FILE = `${FOLDER}/test/pod-fuse-producer.yaml`;

/** Seconds that a run of these tests may take; the Job has a minute more. */
const TIMEOUT_SECONDS = "40";

/** Returns the test as it is rendered for an embedded cluster, in its folder of the repository. */
export function renderedFor(
  flavour: Flavour,
  { image }: Pick<ClusterDescriptor, "image">,
  run: string,
  choice: Choice = {},
): Files {
  const { enabled = true, ...chosen } = choice;
  const settings = readSettings({ cluster: "embedded", timeoutSeconds: TIMEOUT_SECONDS, ...chosen, run });
  const pods = { ...settings, hostPath: runDirectory(settings), image, imagePullPolicy: "Never" as const };
  const files = testFiles(
    { pods, settings },
    {
      flavour,
      enabled,
      command: "npm run render",
      stack: "local",
      repository: "https://git.example/homelab.git",
      source: "flux-system",
      branch: "main",
      path: FOLDER,
    },
  );
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${FOLDER}/${path}`, text]));
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
