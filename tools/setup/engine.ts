import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFolder } from "../create-folder.cjs";
import { type Log, buildModules } from "./build";
import { type Choice, downloadOrBuild, releaseAddresses } from "./pick-source";
import { downloadFile, downloadText, findChecksum } from "./download";
import { placeFolder } from "./files";
import { getPlugins } from "./get-plugins";
import { findInstalledEngine } from "./find-installed";
import { ENGINE_BUILD } from "./modules";
import { ENGINE_VERSION, pulumiHome } from "./paths";
import { type EngineRecord, recordEngine } from "./install-record";
import { runLong, withWords } from "./run";

/** URL of Pulumi's releases, archives and checksums alike. */
const OFFICIAL = [
  "https://get.pulumi.com/releases/sdk",
  `https://github.com/pulumi/pulumi/releases/download/v${ENGINE_VERSION}`,
];

const UNPACK_TIMEOUT = 5 * 60_000;

interface Installed {
  readonly bin: string;
  readonly version: string;
}

const ARCHIVE = `pulumi-v${ENGINE_VERSION}-${process.platform}-${process.arch}.tar.gz`;
const CHECKSUMS = `pulumi-${ENGINE_VERSION}-checksums.txt`;

const engineFolder = (): string => join(pulumiHome(), "versions", ENGINE_VERSION);
const engineBin = (): string => join(engineFolder(), "bin", "pulumi");

/** Chooses the source of the engine; changes nothing. `FUSE_TEST_ENGINE_URL` names another release server. */
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
  createFolder(folder);
  await runLong({
    command: "tar",
    args: ["-xzf", archive, "-C", folder, "--strip-components=1", "--no-same-owner"],
    onLine: (line) => lines.push(line),
    timeoutMilliseconds: UNPACK_TIMEOUT,
  }).catch((error: unknown) => {
    throw withWords(error, (message) => `${message}: ${lines.join(" | ")}`);
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

async function take(choice: Choice<Installed>, log: Log): Promise<EngineRecord> {
  if (choice.source === "installed") {
    const { bin, version } = choice.found;
    const plugins = await getPlugins({ bin, source: "installed", log });
    return { bin, version, source: "installed", reason: "", plugins, path: [] };
  }
  const { source, reason } = choice;
  const bin = engineBin();
  await placeFolder(engineFolder(), (folder) =>
    choice.source === "downloaded"
      ? download(choice.base, folder, log)
      : buildModules({ build: ENGINE_BUILD, folder: join(folder, "bin"), log }),
  );
  const plugins = await getPlugins({ bin, source, log });
  return { bin, version: ENGINE_VERSION, source, reason, plugins, path: [dirname(bin)] };
}

/** Gets the engine and its plugins in the chosen way, puts them in place and records them. */
export async function getEngine(choice: Choice<Installed>, log: Log): Promise<EngineRecord> {
  const engine = await take(choice, log);
  recordEngine(engine);
  return engine;
}

/** Gets the plugins of an engine again, because one is missing or its version or sources changed. */
export async function renewPlugins(engine: EngineRecord, log: Log): Promise<void> {
  recordEngine({ ...engine, plugins: await getPlugins({ ...engine, log }) });
}
