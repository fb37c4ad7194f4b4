import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { kubernetesBin } from "../../tools/setup/paths";

/** What the API server says to an object. */
export interface ApiAnswer {
  readonly allowed: boolean;
  readonly message: string;
}

/** The API server of a cluster, asked through the official client. */
export interface Api {
  /** Asks whether an object could be created; nothing is. */
  readonly dryRun: (manifest: unknown) => Promise<ApiAnswer>;
  /** Runs `kubectl ARGS` with standard input. */
  readonly kubectl: (args: readonly string[], input?: unknown) => Promise<ApiAnswer>;
}

const TIMEOUT = "30s";

/** Opens the API server that a kubeconfig names. */
export function openApi(kubeconfig: string): Api {
  const kubectl: Api["kubectl"] = async (args, input) => {
    const child = spawn(
      join(kubernetesBin(), "kubectl"),
      ["--kubeconfig", kubeconfig, "--request-timeout", TIMEOUT, ...args],
      { stdio: ["pipe", "pipe", "pipe"] },
    );
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
    child.stdin.end(input === undefined ? "" : JSON.stringify(input));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { allowed: code === 0, message: `${stdout}${stderr}`.trim() };
  };
  return {
    kubectl,
    dryRun: (manifest) => kubectl(["create", "--dry-run=server", "--validate=false", "-f", "-"], manifest),
  };
}
