import { existsSync, readFileSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { killAnchors } from "./namespaces";
import { removeCgroup } from "./cgroups";
import { mustRun } from "../setup/run";
import { layoutOf, type Layout } from "./layout";
import { withLock } from "./lock";
import { disconnectNetwork } from "./network";
import type { ClusterOptions } from "./options";
import { requireRoot } from "./preflight";
import { allPids, readProc } from "./processes";
import { waitUntil } from "../../kube/wait";

/**
 * Stops a cluster and removes everything of it: processes, mounts, network, cgroups and its folder.
 * A cluster that is not there is no error.
 */
export async function clusterDown(options: ClusterOptions): Promise<void> {
  requireRoot();
  const layout = layoutOf(options.name);
  const existed = existsSync(layout.folder);
  await withLock(layout.folder, async () => {
    await tearDown(layout);
    rmdirSync(layout.folder);
  });
  options.log(existed ? `cluster ${options.name} is down` : `cluster ${options.name} was not up`);
}

/** Does the work of `clusterDown`. The caller must hold the lock, which is the folder: it stays, empty. */
export async function tearDown(layout: Layout): Promise<void> {
  await killAnchors(layout);
  await disconnectNetwork(layout.link);
  await waitUntil({
    what: "the cluster's cgroups to be empty",
    timeoutMilliseconds: 10_000,
    look: () => removeCgroup(layout.cgroup)[0],
  });
  await waitUntil({
    what: `the mounts below ${layout.folder} to end`,
    timeoutMilliseconds: 10_000,
    look: () => mountBelow(layout.folder),
  });
  const entries = readdirSync(layout.folder).map((entry) => join(layout.folder, entry));
  if (entries.length === 0) return;
  // Without mounts below it this cannot reach any data; --one-file-system protects the data of a mount that is made now.
  await mustRun({
    argv: ["rm", "--recursive", "--force", "--one-file-system", "--", ...entries],
    timeoutMilliseconds: 60_000,
  });
}

/** Returns the mount points of a text like /proc/self/mountinfo that are at or below `folder`. */
export function mountPointsBelow(mountinfo: string, folder: string): string[] {
  return mountinfo.split("\n").flatMap((line) => {
    const point = line
      .split(" ")[4]
      ?.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
    return point !== undefined && (point === folder || point.startsWith(`${folder}/`)) ? [point] : [];
  });
}

function mountBelow(folder: string): string | undefined {
  for (const pid of allPids()) {
    const point = mountPointsBelow(readProc(pid, "mountinfo") ?? "", folder)[0];
    if (point !== undefined) return `process ${pid} has ${point} mounted; end it and try again`;
  }
  return mountPointsBelow(readFileSync("/proc/self/mountinfo", "utf8"), folder)[0];
}
