import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Log, buildModules } from "./build";
import { type Choice, downloadOrBuild, releaseAddresses } from "./pick-source";
import { downloadFile, downloadText, findChecksum } from "./download";
import { placeFolder } from "./files";
import { findInstalledKubernetes } from "./find-installed";
import { KUBERNETES_BUILD, KUBERNETES_PROGRAMS } from "./modules";
import { KUBERNETES_VERSION, kubernetesBin } from "./paths";
import { goArchitecture } from "./platform";
import { type KubernetesRecord, type Source, recordKubernetes } from "./install-record";

/** URL of Kubernetes' programs; see https://kubernetes.io/releases/download/. */
const OFFICIAL = ["https://dl.k8s.io"];

type Programs = Readonly<Record<string, string>>;

function address(base: string, program: string): string {
  return `${base}/v${KUBERNETES_VERSION}/bin/linux/${goArchitecture()}/${program}`;
}

/** Chooses the source of Kubernetes; changes nothing. `FUSE_TEST_KUBERNETES_URL` names another release server. */
export async function chooseKubernetes(): Promise<Choice<Programs>> {
  const installed = findInstalledKubernetes();
  if ("programs" in installed) return { source: "installed", found: installed.programs };
  return downloadOrBuild({
    addresses: releaseAddresses("FUSE_TEST_KUBERNETES_URL", OFFICIAL),
    probe: (base) => downloadText(address(base, `${KUBERNETES_PROGRAMS[0]}.sha256`)),
    reason: installed.reason,
  });
}

function link(programs: Programs, folder: string): void {
  for (const [name, program] of Object.entries(programs)) symlinkSync(program, join(folder, name));
}

async function download(base: string, folder: string, log: Log): Promise<void> {
  for (const program of KUBERNETES_PROGRAMS) {
    const url = address(base, program);
    log(`kubernetes: downloading ${url}`);
    const sha256 = findChecksum(await downloadText(`${url}.sha256`), program);
    await downloadFile({ url, sha256, file: join(folder, program) });
    chmodSync(join(folder, program), 0o755);
  }
}

/** Gets Kubernetes in the chosen way, puts it in place and records it. */
export async function getKubernetes(choice: Choice<Programs>, log: Log): Promise<KubernetesRecord> {
  const folder = kubernetesBin();
  await placeFolder(folder, async (unfinished) => {
    if (choice.source === "installed") link(choice.found, unfinished);
    else if (choice.source === "downloaded") await download(choice.base, unfinished, log);
    else await buildModules({ build: KUBERNETES_BUILD, folder: unfinished, log });
  });
  const source: Source = choice.source;
  const reason = choice.source === "installed" ? "" : choice.reason;
  const record = { folder, version: KUBERNETES_VERSION, source, reason };
  recordKubernetes(record);
  return record;
}
