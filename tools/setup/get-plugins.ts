import { copyFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Log, buildModules } from "./build";
import { placeFolder } from "./files";
import type { EngineRecord } from "../paths";
import { PROVIDER_BUILD } from "./modules";
import { pulumiHome } from "./paths";
import { requirePreconditions } from "./preconditions";
import { COMMAND_PROVIDER, KUBERNETES_PROVIDER, LANGUAGE_HOST, type Provider } from "./providers";
import { providerBuildPresent } from "./install-record";
import { InterruptedError, runLong, withWords } from "./run";

const PLUGIN_TIMEOUT = 3 * 60_000;

/** An engine that needs its plugins. */
export interface PluginRequest {
  /** Path of the `pulumi` program. */
  readonly bin: string;
  readonly source: EngineRecord["source"];
  readonly log: Log;
}

/** Downloads a provider's release with the engine. @throws Error in one line that quotes the engine. */
async function installRelease(bin: string, { name, version }: Provider): Promise<void> {
  const lines: string[] = [];
  await runLong({
    command: bin,
    args: ["plugin", "install", "resource", name, version, "--non-interactive"],
    env: { ...process.env, PULUMI_HOME: pulumiHome(), PULUMI_SKIP_UPDATE_CHECK: "true" },
    onLine: (line) => lines.push(line),
    timeoutMilliseconds: PLUGIN_TIMEOUT,
  }).catch((error: unknown) => {
    throw withWords(error, (message) => `${message}: ${lines.slice(-3).join(" | ")}`);
  });
}

/** Returns true if the release is in place. An engine that was built from modules is on a machine without releases. */
async function tryRelease({ bin, source, log }: PluginRequest, provider: Provider): Promise<boolean> {
  if (source === "built") return false;
  try {
    log(`plugins: getting ${provider.name} ${provider.version}`);
    await installRelease(bin, provider);
    return true;
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    log(`plugins: ${provider.name} cannot be downloaded: ${(error as Error).message}`);
    return false;
  }
}

/** Builds Pulumi's own Kubernetes provider from its module, unless an earlier build of the same inputs is in place. */
async function buildKubernetesProvider(log: Log): Promise<void> {
  if (providerBuildPresent()) return;
  requirePreconditions({ cluster: false, builds: ["provider"] });
  await placeFolder(KUBERNETES_PROVIDER.folder(), (folder) =>
    buildModules({ build: PROVIDER_BUILD, folder, log }),
  );
}

/**
 * Bundles the project's own plugins. Providers go to the folder in which the engine keeps its plugins, because it warns
 * about plugins that it finds on PATH; only this project's Pulumi home is used, which no other project shares.
 * @param languageHost folder for the language host, for an engine that came without one.
 */
async function placeThin(command: boolean, languageHost: string | undefined): Promise<void> {
  // Imported late, because esbuild is seldom needed.
  const { buildPlugins } = await import("../plugins/build.js");
  const folder = join(pulumiHome(), "thin");
  await placeFolder(folder, buildPlugins);
  if (command) {
    await placeFolder(COMMAND_PROVIDER.folder(), (target) => {
      copyFileSync(join(folder, COMMAND_PROVIDER.program), join(target, COMMAND_PROVIDER.program));
      return Promise.resolve();
    });
  }
  if (languageHost !== undefined) {
    const temporary = join(languageHost, `.${LANGUAGE_HOST}`);
    copyFileSync(join(folder, LANGUAGE_HOST), temporary);
    renameSync(temporary, join(languageHost, LANGUAGE_HOST));
  }
  rmSync(folder, { recursive: true });
}

/**
 * Gets the plugins of an engine: Pulumi's releases if they can be downloaded; otherwise the Kubernetes provider is built
 * from Pulumi's module, and this project's own plugins replace the command provider and, for an engine that was built,
 * the language host.
 * @returns where each plugin comes from
 * @throws Error in one line if a build fails or the machine cannot build
 */
export async function getPlugins(request: PluginRequest): Promise<EngineRecord["plugins"]> {
  const { bin, source, log } = request;
  const kubernetes = (await tryRelease(request, KUBERNETES_PROVIDER)) ? "release" : "module";
  const command = (await tryRelease(request, COMMAND_PROVIDER)) ? "release" : "thin";
  const language = source === "built" ? "thin" : "release";
  if (kubernetes === "module") await buildKubernetesProvider(log);
  if (command === "thin" || language === "thin") {
    log("plugins: bundling this project's own");
    await placeThin(command === "thin", language === "thin" ? dirname(bin) : undefined);
  }
  return { language, kubernetes, command };
}
