import { clusterDown, clusterUp } from "../../tools/cluster";
import { readDescriptor } from "../../tools/cluster/descriptor";
import { commitSuccess } from "../support/flux/enabled";
import { repositoryFiles } from "../support/flux/commits";
import { startFlux } from "../support/flux/flux";
import { removeTest } from "../support/flux/removal";
import { E2E_CLUSTER } from "../support/names";
import { ensureToolchain } from "../../tools/setup";
import { summarise } from "./figures";

type Log = (line: string) => void;

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/**
 * Measures Flux on an embedded cluster of its own: from a commit that the controller sees to the verdict in its
 * Kustomization, and from a commit that removes the test to a cluster and nodes on which nothing is left.
 */
export async function benchGitops(rounds: number, log: Log): Promise<number> {
  await ensureToolchain({ log });
  await clusterUp({ name: E2E_CLUSTER, log });
  const [verdicts, removals]: [number[], number[]] = [[], []];
  try {
    const cluster = readDescriptor(E2E_CLUSTER);
    const flux = await startFlux(cluster, log);
    try {
      for (let round = 1; round <= rounds; round += 1) {
        const files = repositoryFiles(cluster, `bench-${round}`);
        verdicts.push(await seconds(() => commitSuccess(flux, files, "Enable the FUSE test")));
        removals.push(await seconds(() => removeTest(flux)));
        log(
          `round ${round} of ${rounds} is done: ${verdicts.at(-1)?.toFixed(1)} s, ${removals.at(-1)?.toFixed(1)} s`,
        );
      }
    } finally {
      await flux.remove();
    }
  } finally {
    await clusterDown({ name: E2E_CLUSTER, log });
  }
  log(`\nseconds: median (least to most) of ${rounds} rounds`);
  log(`commit seen to verdict       ${summarise(verdicts)}`);
  log(`removal seen to clean nodes  ${summarise(removals)}`);
  return 0;
}
