import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { anchorPids } from "../../tools/cluster";
import { createCgroup, removeCgroup } from "../../tools/cluster/cgroups";
import { allPids, readProc } from "../../tools/cluster/processes";

/** Name of the cgroup that a measured command runs in. */
const CGROUP = "fuse-test-bench";

/** Files of version 1 and 2 of cgroups (kernel.org/doc, cgroup-v1/memory, cgroup-v1/cpuacct, cgroup-v2), with their unit. */
const FILES = {
  memory: [
    `/sys/fs/cgroup/${CGROUP}/memory.peak`,
    `/sys/fs/cgroup/memory/${CGROUP}/memory.max_usage_in_bytes`,
  ],
  processor: [`/sys/fs/cgroup/${CGROUP}/cpu.stat`, `/sys/fs/cgroup/cpuacct/${CGROUP}/cpuacct.usage`],
} as const;

/** What a command used. */
export interface Usage {
  /** Most memory at one moment, page cache included, in MiB. */
  readonly memory: number;
  /** Processor time of all its processes, in seconds. */
  readonly processor: number;
}

/** A command line that runs the one which is added to it, in the cgroup. */
const INSIDE = [
  "sh",
  "-c",
  `for file in /sys/fs/cgroup/${CGROUP} /sys/fs/cgroup/*/${CGROUP}; do
     [ ! -e "$file/cgroup.procs" ] || echo $$ > "$file/cgroup.procs" || exit
   done
   exec "$@"`,
  "sh",
] as const;

function readFirst(files: readonly string[], parse: (text: string) => number): number {
  const file = files.find((name) => existsSync(name));
  if (file === undefined) throw new Error(`this machine has none of ${files.join(", ")}`);
  return parse(readFileSync(file, "utf8"));
}

/** Parses processor time, in seconds: microseconds of `usage_usec` in version 2, nanoseconds in version 1. */
export function parseProcessorTime(text: string): number {
  const microseconds = /^usage_usec (\d+)$/m.exec(text)?.[1];
  return microseconds === undefined ? Number(text.trim()) / 1e9 : Number(microseconds) / 1e6;
}

/**
 * Measures what a command uses, with everything that it starts.
 * @param run starts the command behind the given words
 */
export async function measureUsage(run: (through: readonly string[]) => Promise<unknown>): Promise<Usage> {
  createCgroup(CGROUP);
  try {
    await run(INSIDE);
    return {
      memory: readFirst(FILES.memory, (text) => Number(text.trim()) / 2 ** 20),
      processor: readFirst(FILES.processor, parseProcessorTime),
    };
  } finally {
    removeCgroup(CGROUP);
  }
}

/** Processor time of a process and of its children that have exited, in seconds (proc(5): 100 ticks per second). */
function processorTimeOf(pid: number): number {
  const fields = readProc(pid, "stat")?.split(") ").at(-1)?.split(" ") ?? [];
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field] ?? 0), 0) / 100;
}

/** Proportional set size of a process, in MiB. */
function memoryOf(pid: number): number {
  return Number(/^Pss: +(\d+) kB$/m.exec(readProc(pid, "smaps_rollup") ?? "")?.[1] ?? 0) / 1024;
}

/** Lists the processes of an embedded cluster's control plane and nodes. */
function processesOf(cluster: string): number[] {
  const namespaces = new Set(
    [...anchorPids(cluster).values()].map((pid) => readlinkSync(`/proc/${pid}/ns/pid`)),
  );
  return allPids().filter((pid) => {
    try {
      return namespaces.has(readlinkSync(`/proc/${pid}/ns/pid`));
    } catch {
      return false;
    }
  });
}

/** Measures what an embedded cluster without pods uses: memory in MiB, and processor seconds per second. */
export async function measureIdleCluster(cluster: string, seconds: number): Promise<Usage> {
  const time = (): number => processesOf(cluster).reduce((sum, pid) => sum + processorTimeOf(pid), 0);
  const before = time();
  await sleep(seconds * 1000);
  const processor = (time() - before) / seconds;
  return { memory: processesOf(cluster).reduce((sum, pid) => sum + memoryOf(pid), 0), processor };
}
