import type { ClusterDescriptor } from "../../../cluster/descriptor";
import { FLUX_NAME } from "../../../gitops/flux";
import { testCluster } from "../../support/cluster";
import { repositoryFiles, clusterFiles } from "../../support/flux/commits";
import { type Flux, readyOf, ROOT, startFlux } from "../../support/flux/flux";
import { leftovers } from "../../support/leftovers";
const log = (line: string): void => void process.stdout.write(`${line}\n`);
describe("explore", function () {
  this.timeout(900_000);
  let cluster: ClusterDescriptor;
  let flux: Flux;
  before(async () => {
    cluster = await testCluster();
    flux = await startFlux(cluster, log);
  });
  after(async () => {
    if (process.env.SHOWLOG) log(flux.controller.log());
    await flux.remove();
  });
  it("runs", async () => {
    let t = Date.now();
    const r1 = await flux.commit(repositoryFiles(cluster, "r1"), "enable");
    const root = await flux.waitFor(ROOT, 60, (s) => readyOf(s, r1) !== undefined);
    log(JSON.stringify(readyOf(root, r1)));
    const child = await flux.waitFor(FLUX_NAME, 150, (s) => readyOf(s, r1) !== undefined);
    log(`${Date.now() - t} ms ${JSON.stringify(readyOf(child, r1))}`);
    t = Date.now();
    const r2 = await flux.commit(repositoryFiles(cluster, "r2"), "again");
    const again = await flux.waitFor(FLUX_NAME, 150, (s) => readyOf(s, r2) !== undefined);
    log(`${Date.now() - t} ms ${JSON.stringify(readyOf(again, r2))}`);
    t = Date.now();
    const r3 = await flux.commit(clusterFiles([]), "remove");
    for (let i = 0; i < 60; i++) {
      const state = await flux.kustomization(FLUX_NAME);
      log(`${Date.now() - t} ${JSON.stringify(state?.status?.conditions)} ${state?.metadata.deletionTimestamp} ${JSON.stringify(await leftovers(cluster.name))}`);
      if (state === undefined && JSON.stringify(await leftovers(cluster.name)).length < 60) break;
      await new Promise((r) => setTimeout(r, 2000));
    }
    const gone = await flux.waitFor(ROOT, 150, (s) => readyOf(s, r3) !== undefined);
    log(`${Date.now() - t} ms ${JSON.stringify(readyOf(gone, r3))}`);
  });
});
