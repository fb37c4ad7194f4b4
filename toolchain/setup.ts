import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Log, goCaches } from "./build";
import type { Choice } from "./choice";
import { chooseEngine, getEngine, renewPlugins } from "./engine";
import { removeUnfinished } from "./files";
import { chooseKubernetes, getKubernetes } from "./kubernetes";
import { cacheHome, kubernetesBin, pulumiHome } from "./paths";
import { type Wanted, findProblems, gatherFacts } from "./preconditions";
import { pluginsPresent, presentEngine, presentKubernetes } from "./records";
import { installPackages } from "./system";

/** @throws Error with all problems, one line each. */
function check(wanted: Wanted): ReturnType<typeof gatherFacts> {
  const facts = gatherFacts();
  const problems = findProblems(facts, wanted);
  if (problems.length > 0) {
    throw new Error(["setup cannot begin:", ...problems.map((problem) => `- ${problem}`)].join("\n"));
  }
  return facts;
}

/** Gets something in the chosen way; where a download breaks off, it is built after all. */
async function getOrBuild<Installed, Record>(options: {
  readonly name: Wanted["builds"][number];
  readonly choice: Choice<Installed>;
  readonly get: (choice: Choice<Installed>, log: Log) => Promise<Record>;
  readonly log: Log;
}): Promise<void> {
  const { name, choice, get, log } = options;
  try {
    await get(choice, log);
  } catch (error) {
    if (choice.source !== "downloaded") throw error;
    const reason = `the download failed: ${(error as Error).message}`;
    log(`${name}: ${reason}`);
    check({ cluster: false, builds: [name] });
    await get({ source: "built", reason: `${choice.reason}; ${reason}` }, log);
  }
}

function removeLeftovers(): void {
  for (const folder of [cacheHome(), dirname(kubernetesBin()), join(pulumiHome(), "versions")]) {
    removeUnfinished(folder);
  }
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
  const builds: Wanted["builds"][number][] = [];
  if (kubernetes?.source === "built") builds.push("kubernetes");
  if (engine?.source === "built") builds.push("engine");
  const { missing } = check({ cluster, builds });

  removeLeftovers();
  if (cluster && missing.length > 0) await installPackages({ packages: missing, log });
  if (engine !== undefined) await getOrBuild({ name: "engine", choice: engine, get: getEngine, log });
  if (kubernetes !== undefined) {
    await getOrBuild({ name: "kubernetes", choice: kubernetes, get: getKubernetes, log });
  }
  const present = presentEngine();
  if (present !== undefined && !pluginsPresent(present)) await renewPlugins(present, log);
  rmSync(goCaches(), { recursive: true, force: true });
}
