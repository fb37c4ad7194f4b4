import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { clusterConfig } from "../../../kube/cluster-config";
import { CoreV1Api } from "@kubernetes/client-node";
import { kubernetesBin } from "../../../tools/setup/paths";
import { type Recorder, type Seen, startRecorder } from "./recorder";

/** Files and variables that decide which cluster is meant. */
export interface Case {
  /** Files by their paths in the folder; those that are no text are written as JSON. */
  readonly files: Readonly<Record<string, unknown>>;
  /** FOLDER stands for the folder in values. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A file of the folder that is named on the command line. */
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** What came of asking: the requests that were seen, or no request at all. */
export type Outcome = readonly Seen[] | "refused";

/** Asks by kubectl and by this project's loader, and says what each sent. */
export interface Oracle {
  readonly recorder: Recorder;
  /** Base64 of the authority, the client's certificate and key. */
  readonly data: Readonly<Record<"authority" | "other" | "certificate" | "key", string>>;
  readonly ask: (
    question: Case,
  ) => Promise<{ readonly kubectl: Outcome; readonly ours: Outcome; readonly error: string }>;
  readonly close: () => void;
}

function write(folder: string, files: Case["files"]): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o700 });
  }
}

async function askKubectl(
  { kubeconfig, context }: Pick<Case, "kubeconfig" | "context">,
  environment: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  const child = spawn(
    join(kubernetesBin(), "kubectl"),
    [
      ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
      ...(context === undefined ? [] : ["--context", context]),
      ...["get", "--raw", "/api/v1/namespaces/default"],
    ],
    { env: environment, stdio: "ignore", cwd: folder, timeout: 20_000 },
  );
  await once(child, "close");
}

async function askOurs(
  access: Pick<Case, "kubeconfig" | "context">,
  environment: Readonly<Record<string, string>>,
  folder: string,
): Promise<string> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const core = clusterConfig({ ...access, environment }).makeApiClient(CoreV1Api);
    await core.readNamespace({ name: "default" });
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    process.chdir(before);
  }
}

/** Starts an oracle with servers of its own. */
export async function startOracle(): Promise<Oracle> {
  const root = mkdtempSync(join(tmpdir(), "fuse-test-kubeconfig-"));
  const recorder = await startRecorder(root);
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  let count = 0;
  return {
    recorder,
    data: {
      authority: base64(recorder.authority.certificate),
      other: base64(recorder.otherAuthority.certificate),
      certificate: base64(recorder.client.certificate),
      key: base64(recorder.client.key),
    },
    ask: async ({ files, environment = {}, kubeconfig, context }) => {
      const folder = join(root, String(++count));
      write(folder, files);
      const { authority, client } = recorder;
      write(folder, {
        "ca.crt": authority.certificate,
        "client.crt": client.certificate,
        "client.key": client.key,
      });
      const variables = {
        PATH: process.env.PATH ?? "",
        HOME: folder,
        ...Object.fromEntries(
          Object.entries(environment).map(([name, value]) => [name, value.replaceAll("FOLDER", folder)]),
        ),
      };
      const access = {
        ...(kubeconfig === undefined ? {} : { kubeconfig: join(folder, kubeconfig) }),
        ...(context === undefined ? {} : { context }),
      };
      const outcome = (): Outcome => {
        // kubectl alone takes http://localhost:8080 for a cluster that has no address.
        const seen = recorder.take().filter(({ path }) => !path.startsWith("http://localhost:8080/"));
        return seen.length === 0 ? "refused" : seen;
      };
      await askKubectl(access, variables, folder);
      const kubectl = outcome();
      const error = await askOurs(access, variables, folder);
      return { kubectl, ours: outcome(), error };
    },
    close: () => {
      recorder.close();
      rmSync(root, { recursive: true });
    },
  };
}
