import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Finds the cgroup hierarchies in the text of /proc/self/mountinfo (proc(5)): one in version 2,
 * one for each controller in version 1, both on a machine that uses both.
 */
export function cgroupMounts(mountinfo: string): string[] {
  return mountinfo.split("\n").flatMap((line) => {
    const [mount, filesystem] = line.split(" - ");
    const type = filesystem?.split(" ")[0];
    const point = mount?.split(" ")[4];
    return point !== undefined && (type === "cgroup" || type === "cgroup2") ? [point] : [];
  });
}

/** Makes the cgroup `path` in every hierarchy, so that a kubelet finds it complete. */
export function createCgroup(path: string): void {
  for (const root of hierarchies()) {
    const folder = join(root, path);
    for (const part of ancestors(root, folder)) {
      mkdirSync(part, { recursive: true });
      inheritCpuset(part);
      delegateControllers(dirname(part));
    }
  }
}

/**
 * Removes the cgroup `path` and those below it from every hierarchy. They have to be without processes.
 * @returns the folders that are still there
 */
export function removeCgroup(path: string): string[] {
  const left = hierarchies().map((root) => join(root, path));
  for (const folder of left) removeTree(folder);
  return left.filter((folder) => existsSync(folder));
}

function hierarchies(): string[] {
  return cgroupMounts(readFileSync("/proc/self/mountinfo", "utf8"));
}

function ancestors(root: string, folder: string): string[] {
  return folder === root ? [] : [...ancestors(root, dirname(folder)), folder];
}

/** Fills a new cpuset of version 1, which no process may enter while it is empty. */
function inheritCpuset(folder: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const own = join(folder, file);
    if (
      existsSync(join(dirname(folder), "cgroup.procs")) &&
      existsSync(own) &&
      !existsSync(join(folder, "cgroup.type"))
    ) {
      if (readFileSync(own, "utf8").trim() === "")
        writeFileSync(own, readFileSync(join(dirname(folder), file)));
    }
  }
}

/** Gives the children of a cgroup of version 2 its controllers. */
function delegateControllers(folder: string): void {
  const control = join(folder, "cgroup.subtree_control");
  if (!existsSync(control)) return;
  for (const controller of readFileSync(join(folder, "cgroup.controllers"), "utf8").trim().split(" ")) {
    try {
      if (controller !== "") writeFileSync(control, `+${controller}`);
    } catch {
      // A controller that is bound to a version 1 hierarchy, or that this machine forbids: kubelet reports which it lacks.
    }
  }
}

function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch {
    // Still busy: the caller tries again.
  }
}
