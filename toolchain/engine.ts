import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Log, buildModules } from "./build";
import { type Choice, downloadOrBuild, releaseAddresses } from "./choice";
import { downloadFile, downloadText, findChecksum } from "./download";
import { placeFolder } from "./files";
import { findInstalledEngine } from "./installed";
import { ENGINE_BUILD } from "./modules";
import { ENGINE_VERSION, pulumiHome } from "./paths";
import { LANGUAGE_HOST, PROVIDERS } from "./providers";
import { type EngineRecord, recordEngine } from "./records";
import { runLong } from "./run";

/** Where Pulumi publishes its releases, archives and checksums alike. */
const OFFICIAL = [
  "https://get.pulumi.com/releases/sdk",
  `https://github.com/pulumi/pulumi/releases/download/v${ENGINE_VERSION}`,
];

const PLUGIN_TIMEOUT = 3 * 60_000;
const UNPACK_TIMEOUT = 5 * 60_000;

interface Installed {
  readonly bin: string;
  readonly version: string;
}

const ARCHIVE = `pulumi-v${ENGINE_VERSION}-${process.platform}-${process.arch}.tar.gz`;
const CHECKSUMS = `pulumi-${ENGINE_VERSION}-checksums.txt`;

const engineFolder = (): string => join(pulumiHome(), "versions", ENGINE_VERSION);
const engineBin = (): string => join(engineFolder(), "bin", "pulumi");

/** Decides how the engine will be had; changes nothing. `FUSE_TEST_ENGINE_URL` names another release server. */
export async function chooseEngine(): Promise<Choice<Installed>> {
  const installed = findInstalledEngine();
  if ("bin" in installed) return { source: "installed", found: installed };
  return downloadOrBuild({
    addresses: releaseAddresses("FUSE_TEST_ENGINE_URL", OFFICIAL),
    probe: (base) => downloadText(`${base}/${CHECKSUMS}`),
    reason: installed.reason,
  });
}

async function unpack(archive: string, folder: string): Promise<void> {
  const lines: string[] = [];
  mkdirSync(folder, { recursive: true });
  await runLong({
    command: "tar",
    args: ["-xzf", archive, "-C", folder, "--strip-components=1", "--no-same-owner"],
    onLine: (line) => lines.push(line),
    timeoutMilliseconds: UNPACK_TIMEOUT,
  }).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}: ${lines.join(" | ")}`);
  });
}

async function download(base: string, folder: string, log: Log): Promise<void> {
  const url = `${base}/${ARCHIVE}`;
  const archive = join(folder, ARCHIVE);
  log(`engine: downloading ${url}`);
  const sha256 = findChecksum(await downloadText(`${base}/${CHECKSUMS}`), ARCHIVE);
  await downloadFile({ url, sha256, file: archive });
  await unpack(archive, join(folder, "bin"));
  rmSync(archive);
}

/**
 * Puts the thin providers where the engine keeps its plugins: it warns of plugins that it finds on PATH.
 * Only in this project's own home, where no other project looks.
 * @param languageHost folder for the language host, for an engine that came without one.
 */
async function placeThin(languageHost?: string): Promise<void> {
  // Loaded only here, because esbuild is needed seldom.
  const { buildPlugins } = await import("./plugins/build.js");
  const folder = join(pulumiHome(), "thin");
  await placeFolder(folder, buildPlugins);
  for (const provider of PROVIDERS) {
    await placeFolder(provider.folder(), (target) => {
      copyFileSync(join(folder, provider.program), join(target, provider.program));
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

async function installProvider(bin: string, name: string, version: string): Promise<void> {
  const lines: string[] = [];
  await runLong({
    command: bin,
    args: ["plugin", "install", "resource", name, version, "--non-interactive"],
    env: { ...process.env, PULUMI_HOME: pulumiHome(), PULUMI_SKIP_UPDATE_CHECK: "true" },
    onLine: (line) => lines.push(line),
    timeoutMilliseconds: PLUGIN_TIMEOUT,
  }).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}: ${lines.slice(-3).join(" | ")}`);
  });
}

/** Gets the provider plugins of an official engine; where they cannot be had, the thin ones stand in for them. */
async function getProviders(bin: string, log: Log): Promise<EngineRecord["plugins"]> {
  try {
    for (const { name, version } of PROVIDERS) {
      log(`plugins: getting ${name} ${version}`);
      await installProvider(bin, name, version);
    }
    return "official";
  } catch (error) {
    log(`plugins: using this project's own; the official ones cannot be had: ${(error as Error).message}`);
    await placeThin();
    return "thin";
  }
}

async function getOfficial(bin: string, log: Log): Promise<Pick<EngineRecord, "bin" | "plugins" | "path">> {
  return { bin, plugins: await getProviders(bin, log), path: bin === engineBin() ? [dirname(bin)] : [] };
}

async function take(choice: Choice<Installed>, log: Log): Promise<EngineRecord> {
  if (choice.source === "installed") {
    const { bin, version } = choice.found;
    return { version, source: "installed", reason: "", ...(await getOfficial(bin, log)) };
  }
  const { source, reason } = choice;
  if (choice.source === "downloaded") {
    await placeFolder(engineFolder(), (folder) => download(choice.base, folder, log));
    return { version: ENGINE_VERSION, source, reason, ...(await getOfficial(engineBin(), log)) };
  }
  await placeFolder(engineFolder(), async (folder) => {
    await buildModules({ build: ENGINE_BUILD, folder: join(folder, "bin"), log });
    await placeThin(join(folder, "bin"));
  });
  const path = [dirname(engineBin())];
  return { bin: engineBin(), version: ENGINE_VERSION, source, reason, plugins: "thin", path };
}

/** Gets the engine and its plugins in the chosen way, puts them in place and records them. */
export async function getEngine(choice: Choice<Installed>, log: Log): Promise<EngineRecord> {
  const engine = await take(choice, log);
  recordEngine(engine);
  return engine;
}

/** Makes the thin plugins of an engine again, because their sources changed. */
export async function renewPlugins(engine: EngineRecord, log: Log): Promise<void> {
  log("plugins: bundling this project's own");
  await placeThin(engine.source === "built" ? dirname(engine.bin) : undefined);
  recordEngine(engine);
}
