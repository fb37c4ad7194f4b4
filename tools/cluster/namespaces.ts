import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { kubernetesBin } from "../setup/paths";
import type { Layout } from "./layout";
import { NODES, type NodeName, type RootPropagation } from "./options";
import { allPids, parseStat, programOf, readProc, signal, statOf } from "./processes";
import { waitUntil } from "../../kube/wait";

/** Which part of the cluster a set of namespaces belongs to. */
export type Place = "control" | NodeName;
export const PLACES: readonly Place[] = ["control", ...NODES];

/** Process ids, as the machine sees them, of the processes 1 that hold the cluster's namespaces. */
export type Anchors = ReadonlyMap<Place, number>;

const MARK = "FUSE_TEST_ANCHOR";
const DAEMON_ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

/** Parses the innermost process id in the text of /proc/PID/status: 1 for the first process of a pid namespace. */
export function innermostPid(status: string): { pid: number; depth: number } | undefined {
  const ids = /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/).map(Number);
  const pid = ids?.at(-1);
  return ids === undefined || pid === undefined ? undefined : { pid, depth: ids.length };
}

/**
 * Finds the cluster's living anchors. They are known by a mark in their environment and by being process 1
 * of a pid namespace, so there is no pid file that could name another process.
 */
export function findAnchors(layout: Layout): Map<Place, number> {
  const found = new Map<Place, number>();
  for (const pid of allPids()) {
    const place = markedPlace(layout, pid);
    if (place !== undefined && isProcessOne(pid) && statOf(pid) !== undefined) found.set(place, pid);
  }
  return found;
}

/** Finds every process of the cluster's start that still runs, the ones that only just began included. */
export function findMarked(layout: Layout): number[] {
  return allPids().filter((pid) => markedPlace(layout, pid) !== undefined && statOf(pid) !== undefined);
}

function markedPlace(layout: Layout, pid: number): Place | undefined {
  const environment = readProc(pid, "environ");
  if (environment?.includes(MARK) !== true) return undefined;
  const variables = environment.split("\0");
  return PLACES.find((place) => variables.includes(`${MARK}=${layout.folder}:${place}`));
}

function isProcessOne(pid: number): boolean {
  const own = innermostPid(readProc(pid, "status") ?? "");
  return own !== undefined && own.depth > 1 && own.pid === 1;
}

export interface AnchorOptions {
  readonly layout: Layout;
  readonly place: Place;
  /** The control plane's anchor: nodes join its network namespace. */
  readonly control?: number;
  readonly root?: RootPropagation;
}

/**
 * Starts an anchor and waits until its mounts are made.
 * @throws Error if that takes more than 10 s, or a mount cannot be made
 */
export async function startAnchor(options: AnchorOptions): Promise<number> {
  const { layout, place } = options;
  mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
  const logFile = join(layout.logs, `anchor-${place}.log`);
  const log = openSync(logFile, "w", 0o600);
  const [program, ...rest] = anchorArguments(options);
  const child = spawn(program ?? "unshare", rest, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...DAEMON_ENVIRONMENT, [MARK]: `${layout.folder}:${place}` },
  });
  closeSync(log);
  let ended = false;
  child.once("exit", () => (ended = true)).once("error", () => (ended = true));
  child.unref();
  let anchor: number | undefined;
  await waitUntil({
    what: `the namespaces of ${place} (${logFile})`,
    timeoutMilliseconds: 10_000,
    intervalMilliseconds: 10,
    look: () => {
      if (ended) throw new Error(`the namespaces of ${place} cannot be created; the reason is in ${logFile}`);
      anchor = findAnchors(layout).get(place);
      return anchor !== undefined && programOf(anchor) === "catatonit" ? undefined : "not created yet";
    },
  });
  if (anchor === undefined) throw new Error(`the anchor of ${place} is gone`);
  return anchor;
}

function anchorArguments({ layout, place, control, root }: AnchorOptions): string[] {
  const script = join(__dirname, "anchor.sh");
  const unshare = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork"];
  if (place === "control") return [...unshare, "--net", "/bin/sh", script, "control", layout.etcd];
  if (control === undefined || root === undefined)
    throw new Error(`${place} needs the control plane's anchor`);
  const node = ["/bin/sh", script, root, layout.node(place).folder, kubernetesBin()];
  return ["nsenter", `--net=/proc/${control}/ns/net`, "--", ...unshare, ...node];
}

/** Returns the command line that runs `argv` in the namespaces of an anchor. */
export function enter(anchor: number, argv: readonly string[]): string[] {
  return ["nsenter", "--target", String(anchor), "--mount", "--net", "--pid", "--wd=/", "--", ...argv];
}

/**
 * Kills the cluster's anchors, and with each all that runs in its pid namespace, and waits until they are gone.
 * @throws Error if a process survives for 20 s (it then hangs in the kernel)
 */
export async function killAnchors(layout: Layout): Promise<void> {
  await waitUntil({
    what: "the cluster's processes to end",
    timeoutMilliseconds: 20_000,
    intervalMilliseconds: 20,
    look: () => {
      const left = findMarked(layout);
      const parents = new Set(
        allPids().flatMap((pid) => parseStat(readProc(pid, "stat") ?? "")?.parent ?? []),
      );
      for (const pid of left) {
        // One whose child is dying must collect it, and then exits.
        if (isProcessOne(pid) || !parents.has(pid)) signal(pid, "SIGKILL");
      }
      return left.length === 0 ? undefined : `processes ${left.join(", ")} are still running`;
    },
  });
}
