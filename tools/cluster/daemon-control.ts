import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { basename, join } from "node:path";
import { enter, type Anchors } from "./namespaces";
import type { Daemon } from "./daemon";
import type { Layout } from "./layout";
import { allPids, commandLineOf, signal, statOf } from "./processes";
import { waitUntil } from "../../kube/wait";

const ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
};

/**
 * Returns the relation of a process to a daemon, by its command line: it runs the daemon, or becomes the daemon in a
 * moment. `unknown` is a process whose program is just being replaced, so that the kernel shows no command line.
 */
export function stageOf(
  commandLine: readonly string[],
  { argv }: Daemon,
): "runs" | "starts" | "unknown" | "other" {
  const [argv0] = commandLine;
  if (argv0 === undefined) return "unknown";
  if (basename(argv0) === basename(argv[0] ?? "")) return "runs";
  const end = commandLine.slice(-argv.length);
  return end.length === argv.length && end.every((word, index) => word === argv[index]) ? "starts" : "other";
}

/** Returns the living children of an anchor, with their command lines. */
function childrenOf(anchor: number | undefined): { readonly pid: number; readonly commandLine: string[] }[] {
  return allPids()
    .flatMap((pid) => statOf(pid) ?? [])
    .filter(({ parent }) => parent === anchor)
    .map(({ pid }) => ({ pid, commandLine: commandLineOf(pid) }));
}

/**
 * Finds the processes of daemons: children of their place's anchor that run the daemon's program, or are about to.
 * The kernel keeps that relation, so nothing on disk can be out of date.
 */
export function findDaemons(anchors: Anchors, daemons: readonly Daemon[]): Map<string, number> {
  const found = new Map<string, number>();
  const children = new Map([...anchors].map(([place, anchor]) => [place, childrenOf(anchor)]));
  for (const daemon of daemons) {
    const match = children
      .get(daemon.place)
      ?.find(({ commandLine }) => ["runs", "starts"].includes(stageOf(commandLine, daemon)));
    if (match !== undefined) found.set(daemon.name, match.pid);
  }
  return found;
}

/**
 * Waits until a daemon that was launched runs its program, or has ended. Before, its process has another command line or
 * none, so that the daemon would seem to have ended.
 * @throws Error if that takes more than 10 s
 */
export async function untilStarted(anchors: Anchors, daemon: Daemon): Promise<void> {
  await waitUntil({
    what: `the program of ${daemon.name}`,
    timeoutMilliseconds: 10_000,
    intervalMilliseconds: 5,
    look: () => {
      const stages = childrenOf(anchors.get(daemon.place)).map(({ commandLine }) =>
        stageOf(commandLine, daemon),
      );
      if (stages.includes("runs")) return undefined;
      return stages.includes("starts") || stages.includes("unknown") ? "it is being started" : undefined;
    },
  });
}

/**
 * Returns true if a daemon has ended: no process runs it, none is about to, and none is just replacing its program, so
 * that it cannot be identified. Not finding a daemon is no proof of its end.
 */
export function hasEnded(anchors: Anchors, daemon: Daemon): boolean {
  return childrenOf(anchors.get(daemon.place)).every(
    ({ commandLine }) => stageOf(commandLine, daemon) === "other",
  );
}

/** Returns the process of one daemon, if it lives. */
export function findDaemon(anchors: Anchors, daemon: Daemon): number | undefined {
  return findDaemons(anchors, [daemon]).get(daemon.name);
}

/** Returns the file that a daemon writes its log to. */
export function logFile(layout: Layout, daemon: string): string {
  return join(layout.logs, `${daemon}.log`);
}

/** Returns the last lines of a daemon's log, for an error message. */
function logTail(layout: Layout, daemon: string, lines = 5): string {
  const file = logFile(layout, daemon);
  const text = existsSync(file) ? readFileSync(file, "utf8").trimEnd() : "";
  const tail = text
    .split("\n")
    .slice(-lines)
    .map((line) => `  ${line.slice(0, 400)}`);
  return `last lines of ${file}:\n${tail.join("\n")}`;
}

/** Returns the fix for a failure of the machine, by a message in a daemon's log; undefined if none is known. */
export function hintFor(log: string): string | undefined {
  if (/inotify_init|inotify instances|inotify.*too many open files/i.test(log)) {
    return "this machine allows no more inotify instances: stop another cluster, or raise fs.inotify.max_user_instances";
  }
  if (/no space left on device/i.test(log)) return "the disk is full: free some space";
  return undefined;
}

/** Describes a daemon's failure, with its fix if one is known and the last lines of its log. */
export function withLog(layout: Layout, daemon: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const tail = logTail(layout, daemon);
  const hint = hintFor(tail);
  return `${hint === undefined ? message : `${message}: ${hint}`}\n${tail}`;
}

/** Returns true if something takes connections at a Unix socket. */
export function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket
      .once("connect", () => {
        end(true);
      })
      .once("error", () => {
        end(false);
      });
  });
}

/** Waits for the daemon that another one needs. @throws Error with the last lines of its log. */
async function untilNeedsAreMet(layout: Layout, anchor: number, { name, needs }: Daemon): Promise<void> {
  if (needs === undefined) return;
  try {
    await waitUntil({
      what: `${needs.daemon}, which ${name} needs`,
      timeoutMilliseconds: 20_000,
      look: async () =>
        (await listens(`/proc/${anchor}/root${needs.socket}`))
          ? undefined
          : `nothing answers at ${needs.socket}`,
    });
  } catch (error) {
    throw new Error(withLog(layout, needs.daemon, error));
  }
}

/**
 * Starts a daemon in its place's namespaces, where the anchor adopts it. It outlives this program.
 * @throws Error if what it needs is not there within 20 s
 */
export async function launchDaemon(layout: Layout, anchors: Anchors, daemon: Daemon): Promise<void> {
  const anchor = anchors.get(daemon.place);
  if (anchor === undefined)
    throw new Error(`${daemon.name} cannot start: the anchor of ${daemon.place} is gone`);
  await untilNeedsAreMet(layout, anchor, daemon);
  const [program = "", ...rest] = enter(anchor, ["setsid", "--fork", "--", ...daemon.argv]);
  const log = openSync(logFile(layout, daemon.name), "a", 0o600);
  const child = spawn(program, rest, { stdio: ["ignore", log, log], env: ENVIRONMENT, detached: true });
  closeSync(log);
  await once(child, "exit");
  await untilStarted(anchors, daemon);
}

/**
 * Kills a daemon and waits until it is gone.
 * @throws Error if it survives for 10 s
 */
export async function killDaemon(anchors: Anchors, daemon: Daemon): Promise<void> {
  const pid = findDaemon(anchors, daemon);
  if (pid === undefined) return;
  signal(pid, "SIGKILL");
  await waitUntil({
    what: `${daemon.name} to end`,
    timeoutMilliseconds: 10_000,
    intervalMilliseconds: 10,
    look: () => (hasEnded(anchors, daemon) ? undefined : `process ${pid} is still running`),
  });
}
