import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { pulumiHome, readEngine } from "../../tools/paths";
import { copyCheckout, type Checkout } from "./checkout";
import type { Finished } from "./engine";

/** The ordinary user of the workspace, in place of the one of the operator's image. */
const USER = 65534;

/** The Stack of the operator, as far as its workspace follows it. */
export interface StackSpec {
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
}

/** A workspace of the Pulumi Kubernetes Operator: a checkout in which its agent runs the engine, without root. */
export interface Workspace {
  readonly checkout: Checkout;
  /** Runs `pulumi ARGS` as the operator's agent does; resolves however it ends. */
  readonly pulumi: (...args: readonly string[]) => Promise<Finished>;
  /** Removes the workspace from this machine. */
  readonly remove: () => void;
}

/** Gives a folder and all in it to the user; links are not followed. Files with other links are only read: they stay root's. */
function giveToUser(folder: string): void {
  lchownSync(folder, USER, USER);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) giveToUser(path);
    else if (entry.isFile() && lstatSync(path).nlink === 1) lchownSync(path, USER, USER);
  }
}

/** Copies the engine with its plugins to a place that the user may read. @returns the folders that go first on PATH. */
function copyEngine(home: string): string[] {
  const { bin, path } = readEngine();
  const source = pulumiHome();
  mkdirSync(home);
  // Not the logs of every command that ran on this machine.
  for (const folder of ["versions", "plugins"])
    execFileSync("cp", ["-a", "--reflink=auto", join(source, folder), home]);
  giveToUser(home);
  const copied = (folder: string): string => {
    const inside = relative(source, folder);
    return inside.startsWith("..") ? folder : join(home, inside);
  };
  return [dirname(bin), ...path].map(copied);
}

/** Copies a folder into another one, by the first options of cp that work. */
function copyFolder(from: string, to: string, [options = "-a", ...others]: readonly string[]): void {
  const { status, stderr } = spawnSync("cp", [options, from, to], { encoding: "utf8" });
  if (status === 0) return;
  if (others.length === 0) throw new Error(`${from} cannot be copied to ${to}: ${stderr}`);
  copyFolder(from, to, others);
}

/**
 * Copies the packages that npm has downloaded for this user, so that another one need not do so again: by links, because
 * they are many, but for npm's index, which it writes to.
 */
function copyDownloads(cache: string): void {
  const source = execFileSync("npm", ["config", "get", "cache"], { encoding: "utf8" }).trim();
  const target = join(cache, "_cacache");
  mkdirSync(target, { recursive: true });
  for (const [folder, ...options] of [
    ["content-v2", "-al", "-a"],
    ["index-v5", "-a"],
  ] as const) {
    const from = join(source, "_cacache", folder);
    if (existsSync(from)) copyFolder(from, target, options);
  }
  giveToUser(cache);
}

/**
 * Makes a workspace with a clone of this project in which nothing is installed.
 * @param kubeconfig text of the kubeconfig of the workspace's service account
 */
export async function makeWorkspace(kubeconfig: string): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-operator-"));
  chmodSync(folder, 0o755);
  const [home, state, events] = ["home", "state", "events"].map((name) => join(folder, name));
  for (const one of [home, state, events]) mkdirSync(one ?? "");
  const path = copyEngine(join(folder, "pulumi"));
  copyDownloads(join(folder, "npm"));
  const checkout = await copyCheckout(join(folder, "checkout"), { packages: false });
  const credentials = join(folder, "kubeconfig");
  writeFileSync(credentials, kubeconfig, { mode: 0o600 });
  for (const one of [checkout.folder, home, state, events]) giveToUser(one ?? "");
  lchownSync(credentials, USER, USER);
  const environment = {
    ...process.env,
    HOME: home,
    PATH: [...path, process.env.PATH].join(delimiter),
    KUBECONFIG: credentials,
    PULUMI_HOME: join(folder, "pulumi"),
    PULUMI_BACKEND_URL: `file://${state ?? ""}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    // By which the Automation API, which the agent uses, adds options to the engine's own.
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    npm_config_cache: join(folder, "npm"),
    npm_config_prefer_offline: "true",
  };
  return {
    checkout,
    pulumi: async (...args) => {
      const user = [`--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", "--no-new-privs"];
      const child = spawn("setpriv", [...user, "--", "pulumi", ...args, "--non-interactive"], {
        cwd: checkout.folder,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = new Promise<number | null>((resolve, reject) => {
        child.once("error", reject).once("close", resolve);
      });
      const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      return { code, stdout, stderr };
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

/** Options that the operator's agent adds to `up` and `destroy`. */
const AGENT = ["--exec-agent", "pulumi-kubernetes-operator/2.8.0", "--exec-kind", "auto.local"] as const;

/**
 * Returns the arguments of the engine by which the operator sets the configuration of a Stack. Its keys are paths whose
 * one part is the key itself. Source: `unmarshalConfigItems` in agent/pkg/server of pulumi/pulumi-kubernetes-operator.
 */
export function setConfig({ stack, config }: StackSpec): string[] {
  const pairs = Object.entries(config).flatMap(([key, value]) => {
    const [namespace = "", name = ""] = key.split(":");
    return ["--plaintext", `${namespace}:["${name}"]=${value}`];
  });
  return ["config", "set-all", "--stack", stack, "--path", ...pairs];
}

/** Returns the arguments by which the operator updates a stack. */
export function updateStack({ stack }: StackSpec): string[] {
  return ["up", "--yes", "--skip-preview", "--diff", "--suppress-progress", ...AGENT, "--stack", stack];
}

/** Returns the arguments by which the operator destroys the stack of a Stack that is deleted, and removes it. */
export function destroyStack({ stack }: StackSpec): string[] {
  return ["destroy", "--yes", "--skip-preview", "--remove", ...AGENT, "--stack", stack];
}
