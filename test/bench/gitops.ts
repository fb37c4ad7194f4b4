import assert from "node:assert/strict";
import { abortOnInterrupt } from "../../tools/command-line/interrupt";
import { clusterDown, clusterUp } from "../../tools/cluster";
import { ensureToolchain } from "../../tools/setup";
import { clusterFiles, repositoryFiles } from "../support/flux/commits";
import { readyFor } from "../support/flux/enabled";
import { startFlux } from "../support/flux/flux";
import { untilClean, untilRemoved } from "../support/flux/removal";
import { ensureTestTools } from "../support/module-tools";
import { E2E_CLUSTER } from "../support/names";
import { summarise } from "./figures";

type Log = (line: string) => void;

/** Returns the seconds that some work takes. */
async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/**
 * Measures Flux on an embedded cluster of its own: from a commit that the controller sees to the verdict in its
 * Kustomization, and from the commit that removes the test to clean nodes and to a cluster on which nothing is left.
 */
export async function benchGitops(rounds: number, log: Log): Promise<number> {
  await ensureToolchain({ log });
  await ensureTestTools(log);
  // From here on an interrupt does not exit before the cluster is removed.
  const interrupted = abortOnInterrupt();
  const times = { verdict: [] as number[], clean: [] as number[], gone: [] as number[] };
  try {
    const cluster = await clusterUp({ name: E2E_CLUSTER, log });
    const flux = await startFlux(cluster, log);
    try {
      for (let round = 1; round <= rounds; round += 1) {
        interrupted.throwIfAborted();
        const files = repositoryFiles(cluster, `bench-${round}`);
        const enabled = await flux.commit(files, "Enable the FUSE test");
        const verdict = await seconds(async () => {
          const { status, message } = await readyFor(flux, enabled);
          assert.equal(status, "True", message);
        });
        const removed = await flux.commit(clusterFiles([]), "Remove the FUSE test");
        let clean = NaN;
        const gone = await seconds(async () => {
          clean = await seconds(() => untilClean(flux));
          await untilRemoved(flux, removed);
        });
        times.verdict.push(verdict);
        times.clean.push(clean);
        times.gone.push(gone);
        const figures = [verdict, clean, gone].map((one) => `${one.toFixed(1)} s`).join(", ");
        log(`round ${round} of ${rounds} is done: verdict, clean nodes, nothing left: ${figures}`);
      }
    } finally {
      await flux.remove();
    }
  } finally {
    await clusterDown({ name: E2E_CLUSTER, log });
  }
  log(`\nseconds: median (least to most) of ${rounds} rounds`);
  log(`commit seen to verdict        ${summarise(times.verdict)}`);
  log(`removal seen to clean nodes   ${summarise(times.clean)}`);
  log(`removal seen to nothing left  ${summarise(times.gone)}`);
  return 0;
}
