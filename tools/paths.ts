import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

/** Version of the Pulumi engine; the launcher's package and tools/setup/engine/go.mod name the same one. */
export const ENGINE_VERSION = "3.259.0";

/** Version of Kubernetes; tools/setup/kubernetes/go.mod names the same one. */
export const KUBERNETES_VERSION = "1.34.4";

/** Returns a variable's value; undefined if it is unset or empty. */
function valueOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}

/** Returns the path that a variable holds; undefined if it is unset or empty. @throws Error in one line if it is relative. */
function pathOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = valueOf(env, name);
  if (value === undefined || isAbsolute(value)) return value;
  throw new Error(`${name} is ${JSON.stringify(value)}: expected an absolute path. Correct or unset it`);
}

/** Returns the user's home folder: HOME, else the one of the list of users. */
function homeOf(env: NodeJS.ProcessEnv): string {
  const home = pathOf(env, "HOME");
  if (home !== undefined) return home;
  try {
    return userInfo().homedir;
  } catch {
    throw new Error(
      "HOME is not set, and this user is not in the list of users: set HOME to a folder that can be written",
    );
  }
}

/** Returns a folder of the XDG base directory specification, which has relative paths ignored. */
function xdgFolder(env: NodeJS.ProcessEnv, name: string, usual: readonly string[]): string {
  const value = valueOf(env, name);
  return value !== undefined && isAbsolute(value) ? value : join(homeOf(env), ...usual);
}

/**
 * Returns the folder for what can be got again: the engine, its plugins and Kubernetes.
 * `FUSE_TEST_CACHE` names another; the default follows the XDG base directory specification.
 */
export function cacheHome(env: NodeJS.ProcessEnv = process.env): string {
  return pathOf(env, "FUSE_TEST_CACHE") ?? join(xdgFolder(env, "XDG_CACHE_HOME", [".cache"]), "fuse-test");
}

/**
 * Returns the folder for what cannot be got again: the stacks' state and the embedded clusters.
 * `FUSE_TEST_STATE` names another; the default follows the XDG base directory specification.
 */
export function stateHome(env: NodeJS.ProcessEnv = process.env): string {
  return (
    pathOf(env, "FUSE_TEST_STATE") ?? join(xdgFolder(env, "XDG_STATE_HOME", [".local", "state"]), "fuse-test")
  );
}

/** Returns Pulumi's home for this project alone: never the user's own, which other projects share. */
export function pulumiHome(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheHome(env), "pulumi");
}

/** Returns the folder with kube-apiserver, kube-controller-manager, kube-scheduler, kubelet and kubectl. */
export function kubernetesBin(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheHome(env), "kubernetes", KUBERNETES_VERSION);
}

/** Returns the folder of the file backend: the stacks' state if the user names no other backend. */
export function backendFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(stateHome(env), "pulumi");
}

/** Returns the URL of the file backend that is used if the user names no other. */
export function ownBackend(env: NodeJS.ProcessEnv = process.env): string {
  return withoutAttributes(`file://${backendFolder(env)}`);
}

/** Returns the file that names the engine which setup chose. */
export function engineRecord(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheHome(env), "engine.json");
}

/** The engine that setup chose, as recorded. */
export interface EngineRecord {
  /** Path of the `pulumi` program. */
  readonly bin: string;
  /** Its version, without a leading `v`. */
  readonly version: string;
  readonly source: "installed" | "downloaded" | "built";
  /** Why it is this one: what was tried before and how that failed; empty if it was the first choice. */
  readonly reason: string;
  /**
   * Source of each plugin: Pulumi's release, Pulumi's Go module built here, or this project's own substitute
   * ("thin").
   */
  readonly plugins: {
    readonly language: "release" | "thin";
    readonly kubernetes: "release" | "module";
    readonly command: "release" | "thin";
  };
  /** Folders that go first on PATH: the engine's, and that of the thin plugins if they are elsewhere. */
  readonly path: readonly string[];
}

/**
 * Reads which engine setup chose.
 * @throws Error in one line that names `npm run setup`, if it has not been run.
 */
export function readEngine(env: NodeJS.ProcessEnv = process.env): EngineRecord {
  try {
    return JSON.parse(readFileSync(engineRecord(env), "utf8")) as EngineRecord;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "not JSON";
    throw new Error(`the Pulumi engine is not set up (${engineRecord(env)}: ${code}). Run: npm run setup`);
  }
}

/**
 * Returns the URL of a backend with which the engine keeps no attributes beside its files: it writes them in place, and
 * an engine that is killed then leaves a state that no command can read. A URL with a setting for them is kept.
 */
function withoutAttributes(backend: string): string {
  if (!backend.startsWith("file://") || /[?&]metadata=/.test(backend)) return backend;
  return `${backend}${backend.includes("?") ? "&" : "?"}metadata=skip`;
}

/** Loaded before the SDK's programs. */
const PRELOAD = join(__dirname, "preload.cjs");

/** Returns what to add to an environment so that the engine finds this project's home, state and plugins. */
export function engineEnvironment(
  engine: EngineRecord,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const unset = (name: string): boolean => valueOf(env, name) === undefined;
  const added: Record<string, string> = {
    PATH: [...engine.path, env.PATH].filter((part) => part !== undefined && part !== "").join(delimiter),
  };
  if (unset("PULUMI_HOME")) added.PULUMI_HOME = pulumiHome(env);
  const backend = valueOf(env, "PULUMI_BACKEND_URL");
  if (backend !== undefined) added.PULUMI_BACKEND_URL = withoutAttributes(backend);
  else if (unset("PULUMI_ACCESS_TOKEN")) added.PULUMI_BACKEND_URL = ownBackend(env);
  if (env.PULUMI_CONFIG_PASSPHRASE === undefined && unset("PULUMI_CONFIG_PASSPHRASE_FILE")) {
    added.PULUMI_CONFIG_PASSPHRASE = "";
  }
  if (unset("PULUMI_SKIP_UPDATE_CHECK")) added.PULUMI_SKIP_UPDATE_CHECK = "true";
  added.NODE_OPTIONS = [env.NODE_OPTIONS, `--require ${JSON.stringify(PRELOAD)}`].filter(Boolean).join(" ");
  // From version 22.1 on Node.js keeps what it has compiled, also that of the SDK, which the engine's programs load.
  if (unset("NODE_COMPILE_CACHE")) added.NODE_COMPILE_CACHE = join(cacheHome(env), "compiled");
  return added;
}
