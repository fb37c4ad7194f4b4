import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildModules, goCaches, goEnvironment, type Log } from "../../../toolchain/build";
import { placeFolder } from "../../../toolchain/files";
import { lock } from "../../../toolchain/lock.cjs";
import { type ModuleBuild, moduleInputs } from "../../../toolchain/modules";
import { cacheHome } from "../../../toolchain/paths";

/** Flux's kustomize-controller, a tool of the tests alone: only a test that needs it has it built. */
export const CONTROLLER_BUILD: ModuleBuild = {
  name: "kustomize-controller",
  folder: join(__dirname, "..", "..", "kustomize-controller"),
  packages: ["github.com/fluxcd/kustomize-controller"],
  ldflags: "-s -w",
  cpuSeconds: 560,
};

/**
 * Modules whose folder `config/crd/bases` has the definitions of Flux's objects, with the checksums of go.sum's kind.
 * source-controller itself cannot be built from its module; its definitions are only read.
 */
const DEFINITIONS = [
  {
    module: "github.com/fluxcd/kustomize-controller@v1.9.5",
    sum: "h1:/XY2zy3K7fntyppEXIHG7oRMzmfgIt50eJzUfaPX1Kc=",
    files: ["kustomize.toolkit.fluxcd.io_kustomizations.yaml"],
  },
  {
    module: "github.com/fluxcd/source-controller@v1.9.0",
    sum: "h1:5msg2yyjVYDULZos+2ve8MZzcSqTpusiXmrOeBhc9yY=",
    // The controller watches all of them, and works only where each is there.
    files: [
      "source.toolkit.fluxcd.io_gitrepositories.yaml",
      "source.toolkit.fluxcd.io_ocirepositories.yaml",
      "source.toolkit.fluxcd.io_buckets.yaml",
    ],
  },
] as const;

/** The controller with the definitions of its objects. */
export interface ControllerProgram {
  readonly program: string;
  /** Files with one CustomResourceDefinition each. */
  readonly definitions: readonly string[];
}

/** Milliseconds to wait for another process that builds it. */
const WAIT_TIMEOUT = 3 * 3600_000;

const folder = (): string => join(cacheHome(), "kustomize-controller");

const inputs = (): string =>
  [moduleInputs(CONTROLLER_BUILD), ...DEFINITIONS.map((one) => JSON.stringify(one))].join("\n");

function present(): ControllerProgram | undefined {
  const record = join(folder(), "inputs");
  if (!existsSync(record) || readFileSync(record, "utf8") !== inputs()) return undefined;
  return {
    program: join(folder(), "kustomize-controller"),
    definitions: DEFINITIONS.flatMap(({ files }) => files.map((file) => join(folder(), file))),
  };
}

/** Copies definitions out of their module, whose content is checked first. */
function copyDefinitions({ module, sum, files }: (typeof DEFINITIONS)[number], to: string): void {
  const { stdout, stderr, error } = spawnSync("go", ["mod", "download", "-json", module], {
    cwd: to,
    encoding: "utf8",
    env: goEnvironment(),
    timeout: 300_000,
  });
  if (error !== undefined) throw new Error(`${module} cannot be downloaded: ${error.message}`);
  const { Dir, Sum, Error: problem } = JSON.parse(stdout || "{}") as Record<string, string | undefined>;
  if (Dir === undefined) throw new Error(`${module} cannot be downloaded: ${problem ?? stderr}`);
  if (Sum !== sum) throw new Error(`${module} has the checksum ${Sum ?? ""}: expected ${sum}`);
  for (const file of files) copyFileSync(join(Dir, "config", "crd", "bases", file), join(to, file));
}

async function build(log: Log): Promise<void> {
  await placeFolder(folder(), async (unfinished) => {
    await buildModules({ build: CONTROLLER_BUILD, folder: unfinished, log });
    for (const definitions of DEFINITIONS) copyDefinitions(definitions, unfinished);
    writeFileSync(join(unfinished, "inputs"), inputs());
  });
  rmSync(goCaches(), { recursive: true, force: true });
}

/**
 * Returns the controller, built if the tool cache does not have it yet. Only one process builds it.
 * @throws Error that quotes what the compiler or the module proxy said.
 */
export async function ensureController(log: Log): Promise<ControllerProgram> {
  const before = present();
  if (before !== undefined) return before;
  // The lock of setup: both use the same caches of Go.
  const release = await lock({
    file: join(cacheHome(), "setup.lock"),
    waiting: () => {
      log(`kustomize-controller: another process sets up ${cacheHome()}; waiting for it`);
    },
    timeoutMilliseconds: WAIT_TIMEOUT,
  });
  try {
    if (present() === undefined) await build(log);
  } finally {
    release();
  }
  const after = present();
  if (after === undefined) throw new Error(`${folder()} was changed while it was built. Run the tests again`);
  return after;
}
