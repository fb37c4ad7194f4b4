import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { type Log, goCaches } from "./build";
import type { Choice } from "./pick-source";
import { chooseEngine, getEngine, renewPlugins } from "./engine";
import { removeUnfinished } from "./files";
import { chooseKubernetes, getKubernetes } from "./kubernetes";
import { estimateMinutes } from "./modules";
import { cacheHome, kubernetesBin, pulumiHome } from "./paths";
import { type Wanted, requirePreconditions } from "./preconditions";
import { InterruptedError } from "./run";
import {
  type Source,
  pluginsPresent,
  presentEngine,
  presentKubernetes,
  providerBuildPresent,
} from "./install-record";
import { installPackages } from "./apt";

/** Gets a tool from the chosen source; if its download fails, it is built. */
async function getOrBuild<Installed, Record>(options: {
  readonly name: "engine" | "kubernetes";
  readonly choice: Choice<Installed>;
  readonly get: (choice: Choice<Installed>, log: Log) => Promise<Record>;
  readonly log: Log;
}): Promise<void> {
  const { name, choice, get, log } = options;
  try {
    await get(choice, log);
  } catch (error) {
    if (choice.source !== "downloaded" || error instanceof InterruptedError) throw error;
    const reason = `the download failed: ${(error as Error).message}`;
    log(`${name}: ${reason}`);
    requirePreconditions({ cluster: false, builds: name === "engine" ? ["engine", "provider"] : [name] });
    await get({ source: "built", reason: `${choice.reason}; ${reason}` }, log);
  }
}

function removeLeftovers(): void {
  for (const folder of [cacheHome(), dirname(kubernetesBin()), join(pulumiHome(), "versions")]) {
    removeUnfinished(folder);
  }
}

/** Lists what has to be built. An engine that was built comes with a provider that was built. */
function plannedBuilds(
  engineSource: Source | undefined,
  engineMissing: boolean,
  kubernetesSource: Source | undefined,
): Wanted["builds"] {
  const engineBuilt = engineSource === "built";
  return [
    ...(engineBuilt && engineMissing ? (["engine"] as const) : []),
    ...(engineBuilt && !providerBuildPresent() ? (["provider"] as const) : []),
    ...(kubernetesSource === "built" ? (["kubernetes"] as const) : []),
  ];
}

/** Describes how long the builds take. */
function describeEstimate(builds: Wanted["builds"]): string {
  const cores = availableParallelism();
  const minutes = estimateMinutes(builds, cores);
  return `setup: nothing can be downloaded; building ${builds.join(", ")}: about ${minutes} min on ${cores} cores, once`;
}

/** Gets what is missing. Only one process may do this at a time. */
export async function setUp({
  cluster,
  log,
}: {
  readonly cluster: boolean;
  readonly log: Log;
}): Promise<void> {
  const engine = presentEngine() === undefined ? await chooseEngine() : undefined;
  const kubernetes = cluster && presentKubernetes() === undefined ? await chooseKubernetes() : undefined;
  const builds = plannedBuilds(
    engine?.source ?? presentEngine()?.source,
    engine !== undefined,
    kubernetes?.source,
  );
  const { missing } = requirePreconditions({ cluster, builds });
  if (builds.length > 0) log(describeEstimate(builds));

  removeLeftovers();
  if (cluster && missing.length > 0) await installPackages({ packages: missing, log });
  if (engine !== undefined) await getOrBuild({ name: "engine", choice: engine, get: getEngine, log });
  if (kubernetes !== undefined) {
    await getOrBuild({ name: "kubernetes", choice: kubernetes, get: getKubernetes, log });
  }
  const present = presentEngine();
  if (present !== undefined && !pluginsPresent(present)) await renewPlugins(present, log);
  // Asynchronous, so that an interrupt is noticed: a build leaves some hundred thousand files.
  if (builds.length > 0) log("removing the inputs of the builds");
  await rm(goCaches(), { recursive: true, force: true });
}
